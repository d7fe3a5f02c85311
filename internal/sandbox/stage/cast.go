package stage

import "strings"

// Role is the side of the desk that somebody stands on.
type Role string

// The roles.
const (
	Customer Role = "customer" // writes to the desk about an order
	Partner  Role = "partner"  // is asked by the desk, in side conversations
)

// Person is somebody with a mailbox on the stage.
type Person struct {
	Address string
	Name    string
	Role    Role
	Lang    string // "en" or "fr": how their mail client quotes, and how they write
	About   phrase // who they are, in a few words
	// Answers are what a partner says when answering alone, in turn.
	Answers []string
}

// phrase is a short text in the languages of the page.
type phrase struct{ EN, FR string }

func (p phrase) in(lang string) string {
	if lang == "fr" {
		return p.FR
	}
	return p.EN
}

// Cast returns everybody, customers first.
func Cast() []Person {
	return append(customers(), partners()...)
}

func customers() []Person {
	return []Person{
		{Address: "olivia.bennett@postbox.example", Name: "Olivia Bennett", Role: Customer, Lang: "en",
			About: phrase{"Waits for a floor lamp", "Attend un lampadaire"}},
		{Address: "daniel.okafor@mailhaven.example", Name: "Daniel Okafor", Role: Customer, Lang: "en",
			About: phrase{"Got a cracked shade", "A reçu un abat-jour fêlé"}},
		{Address: "priya.raman@studioraman.example", Name: "Priya Raman", Role: Customer, Lang: "en",
			About: phrase{"Interior designer, buys in dozens", "Architecte d’intérieur, achète par douzaines"}},
		{Address: "tom@whitfieldjoinery.example", Name: "Tom Whitfield", Role: Customer, Lang: "en",
			About: phrase{"Was charged twice", "A été débité deux fois"}},
		{Address: "hannah.lindqvist@nordpost.example", Name: "Hannah Lindqvist", Role: Customer, Lang: "en",
			About: phrase{"Sends a lamp back", "Renvoie une lampe"}},
		{Address: "camille.roussel@courriel.example", Name: "Camille Roussel", Role: Customer, Lang: "fr",
			About: phrase{"Her parcel went to a neighbour", "Son colis est chez un voisin"}},
		{Address: "julien.marchetti@boitepostale.example", Name: "Julien Marchetti", Role: Customer, Lang: "fr",
			About: phrase{"His dimmer hums", "Son variateur bourdonne"}},
		{Address: "nadia.benali@courriel.example", Name: "Nadia Benali", Role: Customer, Lang: "fr",
			About: phrase{"Needs an invoice in her company’s name", "Veut une facture au nom de sa société"}},
		{Address: "etienne.faure@hotelbellerive.example", Name: "Étienne Faure", Role: Customer, Lang: "fr",
			About: phrase{"Furnishes a hotel", "Équipe un hôtel"}},
		{Address: "margaux.lefevre@atelierlefevre.example", Name: "Margaux Lefèvre", Role: Customer, Lang: "fr",
			About: phrase{"Wants a lamp repaired", "Veut faire réparer une lampe"}},
	}
}

func partners() []Person {
	return []Person{
		{Address: "dispatch@swiftcargo.example", Name: "SwiftCargo Dispatch", Role: Partner, Lang: "en",
			About: phrase{"The carrier", "Le transporteur"},
			Answers: []string{
				"Hello,\n\nWe found it: the parcel was scanned into the wrong cage at our Leeds depot. It is on tonight’s run and should arrive tomorrow before noon.\n\nMarta, SwiftCargo Dispatch",
				"Hello again,\n\nConfirmed with the driver. I have added a note to ring the bell twice and not to leave it outside.\n\nMarta, SwiftCargo Dispatch",
			}},
		{Address: "stock@northgate-warehouse.example", Name: "Northgate Warehouse", Role: Partner, Lang: "en",
			About: phrase{"The warehouse", "L’entrepôt"},
			Answers: []string{
				"Hi,\n\nJust counted: 14 on the shelf, 6 of them reserved. I can hold two for you until Friday.\n\nSam, goods out",
				"Done, both are on the packing bench with your number on them.\n\nSam, goods out",
			}},
		{Address: "accounts@ledgerline.example", Name: "Ledgerline Bookkeeping", Role: Partner, Lang: "en",
			About: phrase{"Does the books", "La comptabilité"},
			Answers: []string{
				"Hello,\n\nThe second charge was an authorisation that was never captured. It drops off by itself within five working days; nothing to refund on our side.\n\nRuth, Ledgerline",
				"You are welcome. I attached the note to the ledger entry.\n\nRuth, Ledgerline",
			}},
		{Address: "commandes@verrerie-dumarais.example", Name: "Verrerie du Marais", Role: Partner, Lang: "fr",
			About: phrase{"Makes the glass shades", "Fabrique les abat-jour en verre"},
			Answers: []string{
				"Bonjour,\n\nNous avons deux pièces de ce modèle en réserve. Je peux vous en expédier une dès demain matin, sans frais : la casse vient sans doute de notre emballage.\n\nBien à vous,\nLucie, Verrerie du Marais",
				"C’est parti ce matin. Le numéro de suivi vous arrivera par le transporteur.\n\nLucie, Verrerie du Marais",
			}},
		{Address: "atelier@reparlux.example", Name: "Atelier Réparlux", Role: Partner, Lang: "fr",
			About: phrase{"The repair shop", "L’atelier de réparation"},
			Answers: []string{
				"Bonjour,\n\nD’après votre description c’est le condensateur du variateur. Comptez 35 € pièces comprises et une semaine de délai, si la lampe nous arrive avant jeudi.\n\nKarim, Atelier Réparlux",
				"Entendu, nous l’attendons. Merci de glisser le numéro du dossier dans le carton.\n\nKarim, Atelier Réparlux",
			}},
		{Address: "qualite@labo-clartech.example", Name: "Laboratoire Clartech", Role: Partner, Lang: "fr",
			About: phrase{"Tests electrical safety", "Essais de sécurité électrique"},
			Answers: []string{
				"Bonjour,\n\nLe certificat de ce modèle est valable jusqu’en juin prochain. Je vous en prépare une copie à l’en-tête du client.\n\nSolène Garnier, Clartech",
			}},
	}
}

// person finds somebody of the cast by address.
func (s *Stage) person(address string) (Person, bool) {
	for _, p := range s.cast {
		if strings.EqualFold(p.Address, address) {
			return p, true
		}
	}
	return Person{}, false
}
