package deskgen

import (
	"strconv"
	"strings"

	"aparte/internal/desk"
)

func itoa(n int) string { return strconv.Itoa(n) }

// person is somebody outside.
type person struct {
	desk.Address
	french int // 1 if so: the language they write in
}

func (p person) as() desk.Actor { return desk.Actor{Kind: desk.ByContact, Name: p.Label()} }

var mailboxes = []desk.Account{
	{ID: "support", Channel: desk.Mail, Name: "Lumen Support", Address: "support@lumen.example", Settings: "{}"},
	{ID: "aide", Channel: desk.Mail, Name: "Lumen Aide", Address: "aide@lumen.example", Settings: "{}"},
}

var staff = []desk.Agent{
	{ID: "ada", Email: "ada@lumen.example", Name: "Ada Martin", Role: desk.RoleAdmin},
	{ID: "bruno", Email: "bruno@lumen.example", Name: "Bruno Keller", Role: desk.RoleAgent},
	{ID: "chloe", Email: "chloe@lumen.example", Name: "Chloé Petit", Role: desk.RoleAgent},
	{ID: "dev", Email: "dev@lumen.example", Name: "Dev Anand", Role: desk.RoleAgent},
	{ID: "emma", Email: "emma@lumen.example", Name: "Emma Lind", Role: desk.RoleAgent},
	{ID: "farid", Email: "farid@lumen.example", Name: "Farid Haddad", Role: desk.RoleAgent},
	{ID: "greta", Email: "greta@lumen.example", Name: "Greta Olsen", Role: desk.RoleAgent},
	{ID: "hugo", Email: "hugo@lumen.example", Name: "Hugo Moreau", Role: desk.RoleAgent},
}

var givenNames = []string{"Alice", "Amélie", "Anna", "Arthur", "Aya", "Benoît", "Camille", "Carlos", "Céline", "Daniel", "Elena",
	"Élodie", "Emre", "Eva", "Fatou", "Félix", "Grace", "Hélène", "Henry", "Inès", "Isaac", "Jeanne", "Jonas", "Karim", "Laura", "Léa",
	"Liam", "Lucas", "Maja", "Marc", "Maria", "Mei", "Nadia", "Noah", "Nora", "Olivier", "Omar", "Paul", "Pénélope", "Priya", "Quentin",
	"Rosa", "Samuel", "Sofia", "Théo", "Tomás", "Ursula", "Victor", "Wanda", "Yasmine", "Zoé"}

var familyNames = []string{"Abadie", "Andersen", "Bakker", "Bernard", "Blanc", "Brown", "Carter", "Chevalier", "Costa", "Delorme",
	"Dubois", "Evans", "Fontaine", "Fischer", "Garnier", "Gomez", "Hughes", "Ivanova", "Jensen", "Khan", "Lambert", "Lefèvre", "Lopez",
	"Marchand", "Mason", "Mercier", "Meyer", "Nguyen", "Novak", "O'Brien", "Okafor", "Perrin", "Quinn", "Rossi", "Roussel", "Schmidt",
	"Silva", "Singh", "Tanaka", "Taylor", "Urban", "Vidal", "Walker", "Weber", "Yilmaz", "Zimmer"}

var (
	customerDomains = []string{"post.example", "courriel.example", "inbox.example", "familymail.example", "atelier-nord.example"}
	partnerDomains  = []string{"haul.example", "depot-sud.example", "glassworks.example", "paylink.example", "verrerie.example"}
)

// people fills the world: a customer to four tickets, and a few hundred partners.
func (w *world) people() {
	for i := range max(20, w.size/4) {
		w.customers = append(w.customers, w.somebody(i, customerDomains))
	}
	for i := range min(300, 10+w.size/50) {
		w.partners = append(w.partners, w.somebody(i, partnerDomains))
	}
}

func (w *world) somebody(n int, domains []string) person {
	given, family := pick(w, givenNames), pick(w, familyNames)
	local := plain.Replace(strings.ToLower(given + "." + family))
	return person{desk.Address{Name: given + " " + family, Email: local + itoa(n) + "@" + pick(w, domains)}, w.rand.IntN(2)}
}

// plain spells a name as mail addresses do.
var plain = strings.NewReplacer("é", "e", "è", "e", "ê", "e", "É", "e", "á", "a", "î", "i", "'", "")

var cities = []string{"Lyon", "Nantes", "Lille", "Bordeaux", "Brussels", "Geneva", "London", "Bristol", "Dublin", "Berlin", "Montréal", "Lisbon"}
