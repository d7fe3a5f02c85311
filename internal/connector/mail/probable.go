package mail

import (
	"regexp"
	"strings"

	"aparte/internal/desk"
)

const (
	probable    = "probable" // the action of a report that is told in prose
	maxReturned = 256 << 10  // of a mail that is searched for an id of ours
	maxProse    = 8 << 10    // of a text that is searched for addresses
	maxProbable = 10         // recipients
)

// undelivered is how the subjects of reports begin that come without a part
// for machines.
var undelivered = regexp.MustCompile(`(?i)^\s*(failure notice|delivery (failure|status notification|has failed|notification)|mail delivery (failed|failure|system)|` +
	`undeliver(able|ed)|returned mail|mail could not be delivered|warning: message .* delayed|` +
	`non remis|échec de (la )?(remise|distribution)|message non distribué|avis de non-remise|` +
	`unzustellbar|nicht zustellbar|zustellung fehlgeschlagen|no se puede entregar|correo no entregado|error de entrega|` +
	`non recapitabile|mancato recapito|mensagem não entregue|falha na entrega|não é possível entregar|` +
	`onbestelbaar|kan niet worden bezorgd|niedostarczono|nie można dostarczyć|olevererbart|kan inte levereras|` +
	`ei voida toimittaa|nedoručitelné|не доставлено|недоставленное|配信不能|无法送达|退信)`)

var addressForm = regexp.MustCompile(`[\w.!#$%&'*+/=?^{|}~-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63})+`)

// probably reads the reports of servers that tell in prose only (qmail, old
// Exchange, Domino). It takes a mail for one when it comes from a mail system,
// with no sender to answer to, and says so in its subject or its header. It
// settles nothing: prose is easily forged, so a person judges it.
func (c *Connector) probably(m desk.Inbound, h head, null bool) (*desk.Report, bool) {
	local, _ := desk.SplitAddress(m.Sender().Key())
	system := local == "mailer-daemon" || local == "postmaster"
	if !system || !null && h.has("Return-Path") || !h.has("X-Failed-Recipients") && !undelivered.MatchString(m.Subject) {
		return nil, false
	}
	r := &desk.Report{}
	text := string(m.Raw[:min(len(m.Raw), maxReturned)]) + "\n" + m.Body.Text
	seen := map[string]bool{strings.ToLower(c.Address): true, m.Sender().Key(): true}
	for _, id := range scanIDs(text) {
		if ours, ok := c.signed(id); ok && !seen[ours] {
			seen[ours] = true
			r.Original = append(r.Original, ours)
		}
	}
	failed := strings.Join(h.all("X-Failed-Recipients"), ",")
	if failed == "" {
		failed = m.Body.Text
	}
	for _, a := range addressForm.FindAllString(failed[:min(len(failed), maxProse)], -1) {
		key := desk.Address{Email: a}.Key()
		_, id := c.signed(a)
		if base, _ := desk.SplitPlus(key); id || seen[key] || seen[base] || len(r.Recipients) == maxProbable {
			continue
		}
		seen[key] = true
		r.Recipients = append(r.Recipients, desk.Reported{Address: a, Action: probable})
	}
	return r, true
}
