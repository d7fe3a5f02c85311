package stage

import "time"

const repairHTML = `<div><p>Bonjour,</p>
<p>Ma lampe <strong>Alba</strong> (achetée il y a quatre ans) s’éteint dès que je la déplace. J’y tiens beaucoup :</p>
<ul><li>l’ampoule est neuve ;</li><li>le câble semble usé près du pied ;</li><li>l’interrupteur grésille un peu.</li></ul>
<p>La réparez-vous, et à quel prix environ ? Je peux la déposer.</p>
<p>Bien cordialement,<br>Margaux Lefèvre</p></div>`

func frenchSamples() []sample {
	return []sample{
		{
			key: "colis-voisin", from: "camille.roussel@courriel.example", ago: 5*day + 2*time.Hour,
			subject: "Colis livré chez un voisin inconnu",
			text: "Bonjour,\n\nLe transporteur indique que ma commande 20402 a été « remise à un voisin ». J’ai sonné à toutes les portes de l’immeuble : personne n’a de colis pour moi.\n\n" +
				"Pouvez-vous demander au livreur le nom de la personne qui a signé ?\n\nMerci d’avance,\nCamille Roussel\n12, rue des Tanneurs, 3e étage",
		},
		{
			key: "variateur-bourdonne", from: "julien.marchetti@boitepostale.example", ago: 4*day + 6*time.Hour,
			subject: "Le variateur bourdonne",
			text: "Bonjour,\n\nDepuis une semaine, le variateur de mon lampadaire Lund bourdonne dès que je descends sous la moitié. C’est pire le soir.\n\n" +
				"Est-ce dangereux ? La lampe a onze mois, elle est donc encore sous garantie. Facture en pièce jointe.\n\nJulien Marchetti",
			files: []File{{Name: "Facture n° 20117.pdf", Type: "application/pdf", Data: paper(
				"Facture 20117", "", "1 lampadaire Lund, variateur tactile        219,00 EUR", "", "Total TTC                                   219,00 EUR")}},
		},
		{
			key: "facture-societe", from: "nadia.benali@courriel.example", ago: 30 * time.Hour,
			subject: "Facture au nom de ma société",
			text:    "Bonjour,\n\nJ’ai commandé hier (n° 20436) avec mon compte personnel, mais j’ai besoin d’une facture au nom de ma société :\n\nBenali Conseil SARL\n8, quai de la Fosse\n44000 Nantes\nTVA FR 40 123456824\n\nEst-ce encore possible ?\n\nCordialement,\nNadia Benali",
		},
		{
			key: "hotel-60-appliques", from: "etienne.faure@hotelbellerive.example", ago: 2*day + 22*time.Hour, cc: []string{"margaux.lefevre@atelierlefevre.example"},
			subject: "60 appliques pour l’hôtel – certificat de sécurité",
			text: "Madame, Monsieur,\n\nNous rénovons l’Hôtel Bellerive et souhaitons commander 60 appliques Nour. La commission de sécurité nous demande le certificat d’essai électrique du modèle, en français, avant la commande.\n\n" +
				"Mme Lefèvre, notre décoratrice, est en copie ; merci de lui répondre aussi.\n\nAvec mes salutations distinguées,\nÉtienne Faure\nDirecteur, Hôtel Bellerive",
		},
		{
			key: "lampe-a-reparer", from: "margaux.lefevre@atelierlefevre.example", ago: 11 * time.Hour,
			subject: "Réparer une lampe Alba",
			text:    "Bonjour,\n\nMa lampe Alba (achetée il y a quatre ans) s’éteint dès que je la déplace. J’y tiens beaucoup :\n\n- l’ampoule est neuve ;\n- le câble semble usé près du pied ;\n- l’interrupteur grésille un peu.\n\nLa réparez-vous, et à quel prix environ ? Je peux la déposer.\n\nBien cordialement,\nMargaux Lefèvre",
			html:    repairHTML,
		},
		{
			key: "teinte-abat-jour", from: "camille.roussel@courriel.example", ago: 100 * time.Minute,
			subject: "Quelle teinte pour l’abat-jour en verre ?",
			text:    "Rebonjour,\n\nAutre question, sans rapport avec mon colis perdu : l’abat-jour « ambre » de la lampe Alba est-il plutôt jaune ou plutôt brun ? Sur la photo de votre site je ne vois pas la différence avec « miel » (ma photo ci-jointe).\n\nBonne journée,\nCamille Roussel",
			files:   []File{{Name: "chez moi.png", Type: "image/png", Data: photograph(false)}},
		},
	}
}
