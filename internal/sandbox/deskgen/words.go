package deskgen

// topic is a thing that customers write about.
type topic struct {
	tag                     string
	subjects, asks, answers []string
}

// language is the words of one language.
type language struct {
	greeting, regards, order string
	things, days             []string
	topics                   []topic
	insists, more, notes     []string
	sideSubjects, sideAsks   []string
	sideAnswers              []string
}

var languages = []*language{&english, &french}

var english = language{
	greeting: "Hello,", regards: "Kind regards,", order: "L-",
	things: []string{"desk lamp", "floor lamp", "pendant light", "wall light", "glass shade", "dimmer", "reading lamp", "lantern", "LED bulb"},
	days:   []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "the weekend", "the end of the month"},
	topics: []topic{
		{"delivery", []string{"Where is my order {order}?", "Parcel not here yet", "Delivery to {city}", "Order {order} is late"},
			[]string{"I ordered a {thing} and it has not arrived in {city}. The order number is {order}.", "The tracking page for {order} has not moved since {day}."},
			[]string{"I have looked up {order}: it left our warehouse on {day}.", "The carrier has been asked about {order}, and I will write as soon as they answer."}},
		{"damage", []string{"The {thing} arrived broken", "Broken glass in {order}", "Scratches on my new {thing}"},
			[]string{"When I opened the box the {thing} was in pieces.", "There is a deep scratch on the {thing} from order {order}."},
			[]string{"I am sorry about the {thing}. A new one leaves on {day}.", "Could you send us a photo of the {thing} and of the box?"}},
		{"invoice", []string{"Invoice for {order}", "Wrong VAT number on the invoice", "Charged twice for {order}"},
			[]string{"Please send me an invoice for {order} with our company's name.", "My card was charged twice for {order}."},
			[]string{"The invoice for {order} is attached now.", "The second charge will be back on your account by {day}."}},
		{"return", []string{"Returning a {thing}", "Refund for {order}?", "Can I exchange the {thing}?"},
			[]string{"The {thing} is too large for my table. How do I send it back?", "I sent {order} back two weeks ago and have seen no refund."},
			[]string{"You can hand the {thing} in at any parcel shop in {city}.", "Your refund for {order} was paid on {day}."}},
		{"product", []string{"Which bulb fits the {thing}?", "Question about the {thing}", "Is the {thing} dimmable?"},
			[]string{"Does the {thing} work with a dimmer?", "I would like to hang the {thing} over a kitchen table. How long is its cable?"},
			[]string{"The {thing} takes any bulb with an E27 base, up to 60 watts.", "The cable is two metres long and can be cut."}},
		{"account", []string{"I cannot log in", "Change of address", "Please delete my account"},
			[]string{"The shop does not take my password any more.", "We have moved to {city}. How do I change the address of {order}?"},
			[]string{"I have sent you a link for a new password.", "The new address is saved, and {order} will go there."}},
	},
	insists: []string{"Is there any news?", "Thank you, but I need it by {day}.", "That did not help, I am afraid: it is still the same.", "Great, thank you very much!", "I have attached what you asked for."},
	more: []string{"It is meant as a present, so the date matters to us.", "I am at home every morning until eleven.", "If anything else is missing, please tell me.",
		"The order number is {order}, in case you need it.", "You can also reach me by phone in the afternoon.", "I had the same trouble with a {thing} last year, and it was solved within a day.",
		"Many thanks for your patience with this.", "I would be glad to hear from you before {day}."},
	notes:        []string{"Called the carrier: they promise an answer by {day}.", "Stock in {city} is down to two, see the list.", "Same customer as {order}, please be generous.", "Checked with accounting, all fine."},
	sideSubjects: []string{"Parcel {order}", "Replacement for a {thing}", "Payment {order}", "Pick-up in {city}"},
	sideAsks:     []string{"Could you tell us where {order} is?", "Do you have a {thing} in stock that could leave on {day}?", "Could you check the payment of {order} for us?", "Thank you. Could you confirm {day}?"},
	sideAnswers:  []string{"We found it in {city}; it will be delivered on {day}.", "Yes, there are three left. One is set aside for you.", "The payment was booked twice, you are right. We will return it.", "I am asking a colleague and will come back to you."},
}

var french = language{
	greeting: "Bonjour,", regards: "Bien cordialement,", order: "L-",
	things: []string{"lampe de bureau", "lampadaire", "suspension", "applique", "abat-jour en verre", "variateur", "liseuse", "lanterne", "ampoule LED"},
	days:   []string{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "ce week-end", "la fin du mois"},
	topics: []topic{
		{"delivery", []string{"Où est ma commande {order} ?", "Colis pas encore reçu", "Livraison à {city}", "Retard de la commande {order}"},
			[]string{"J'ai commandé l'article « {thing} », et rien n'est arrivé à {city}. Le numéro est {order}.", "Le suivi de {order} n'a pas bougé depuis {day}."},
			[]string{"J'ai vérifié {order} : le colis a quitté notre entrepôt {day}.", "Le transporteur est interrogé au sujet de {order}, je vous écris dès qu'il répond."}},
		{"damage", []string{"Article reçu cassé : {thing}", "Verre brisé dans {order}", "Rayures sur l'article « {thing} »"},
			[]string{"En ouvrant le carton, j'ai trouvé l'article « {thing} » en morceaux.", "Il y a une rayure profonde sur l'article de la commande {order}."},
			[]string{"Je suis désolé pour l'article « {thing} ». Un nouveau part {day}.", "Pourriez-vous nous envoyer une photo de l'article et du carton ?"}},
		{"invoice", []string{"Facture de {order}", "Numéro de TVA erroné", "Double débit pour {order}"},
			[]string{"Merci de m'envoyer une facture pour {order} au nom de notre société.", "Ma carte a été débitée deux fois pour {order}."},
			[]string{"La facture de {order} est jointe.", "Le second débit sera remboursé d'ici {day}."}},
		{"return", []string{"Retour d'un article : {thing}", "Remboursement de {order} ?", "Échange possible ?"},
			[]string{"L'article « {thing} » est trop grand. Comment le renvoyer ?", "J'ai renvoyé {order} il y a deux semaines, sans remboursement à ce jour."},
			[]string{"Vous pouvez déposer le colis dans tout point relais à {city}.", "Votre remboursement pour {order} a été versé {day}."}},
		{"product", []string{"Quelle ampoule pour l'article « {thing} » ?", "Question produit : {thing}", "Compatible variateur ?"},
			[]string{"L'article « {thing} » fonctionne-t-il avec un variateur ?", "Je voudrais le suspendre au-dessus d'une table. Quelle est la longueur du câble ?"},
			[]string{"Toute ampoule à culot E27 convient, jusqu'à 60 watts.", "Le câble mesure deux mètres et peut être coupé."}},
		{"account", []string{"Connexion impossible", "Changement d'adresse", "Suppression de mon compte"},
			[]string{"La boutique n'accepte plus mon mot de passe.", "Nous avons déménagé à {city}. Comment changer l'adresse de {order} ?"},
			[]string{"Je vous ai envoyé un lien pour un nouveau mot de passe.", "La nouvelle adresse est enregistrée, {order} y sera livrée."}},
	},
	insists: []string{"Avez-vous des nouvelles ?", "Merci, mais il me le faut avant {day}.", "Cela n'a rien changé, malheureusement.", "Parfait, merci beaucoup !", "Vous trouverez ci-joint ce que vous demandiez."},
	more: []string{"C'est un cadeau, la date est donc importante.", "Je suis à la maison tous les matins jusqu'à onze heures.", "S'il manque quelque chose, dites-le-moi.",
		"Le numéro de commande est {order}, au besoin.", "Vous pouvez aussi m'appeler l'après-midi.", "J'avais eu le même souci l'an dernier, réglé en un jour.",
		"Merci encore de votre patience.", "Je serais heureux d'avoir votre réponse avant {day}."},
	notes:        []string{"Transporteur appelé : réponse promise pour {day}.", "Plus que deux en stock à {city}.", "Même client que {order}, soyons généreux.", "Vu avec la comptabilité, tout est en ordre."},
	sideSubjects: []string{"Colis {order}", "Remplacement : {thing}", "Paiement {order}", "Enlèvement à {city}"},
	sideAsks:     []string{"Pourriez-vous nous dire où se trouve {order} ?", "Avez-vous cet article en stock pour un départ {day} : {thing} ?", "Pourriez-vous vérifier le paiement de {order} ?", "Merci. Pouvez-vous confirmer {day} ?"},
	sideAnswers:  []string{"Nous l'avons retrouvé à {city} ; il sera livré {day}.", "Oui, il en reste trois. Un exemplaire vous est réservé.", "Le paiement est passé deux fois, en effet. Nous le rendons.", "Je demande à une collègue et je reviens vers vous."},
}
