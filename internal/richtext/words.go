package richtext

import (
	"regexp"
	"strings"
	"unicode"
)

// The phrases by which mail programs introduce what they quote, by language.
// Each is matched against one line of tidied text in lower case.

// attributions are lines such as "On 3 May 2026, Ann <a@x> wrote:". Beside the
// phrase, a line needs a digit or an address to count.
var attributions = compile(
	`^on\s.{4,240}\swrote\s?:?$`,                                 // en
	`^le\s.{4,240}\sa\sécrit\s?:?$`,                              // fr
	`^am\s.{4,240}\sschrieb\s?.{0,160}:$`,                        // de
	`^.{4,160}\sschrieb\sam\s.{4,160}:$`,                         // de, the name first
	`^el\s.{4,240}\sescribió\s?:?$`,                              // es
	`^il\s.{4,240}\sha\sscritto\s?:?$`,                           // it
	`^(em|a)\s.{4,240}\sescreveu\s?:?$`,                          // pt
	`^op\s.{4,240}\sschreef\s?.{0,160}:$`,                        // nl
	`^(den|på)\s.{4,240}\s(skrev|skreiv)\s?.{0,160}:?$`,          // sv, da, no
	`^.{4,240}\skirjoitti\s?:?$`,                                 // fi
	`^(w\sdniu|dnia)\s.{4,240}\s(napisał(\(a\)|a)?|pisze)\s?:?$`, // pl
	`^.{4,240}\snapsal(\(a\)|a)?\s?:?$`,                          // cs
	`^.{4,240}(пишет|написал\p{L}*(\(а\))?)\s?:?$`,               // ru
	`^.{4,240}\sşunu\syazdı\s?:?$`,                               // tr
	`^vào\s.{4,240}đã\sviết\s?:?$`,                               // vi
	`^在.{4,240}写道\s?[:：]$`,                                       // zh
	`^.{4,240}のメッセージ\s?[:：]$`,                                    // ja
	`^.{4,240}(님이)?\s?작성\s?[:：]$`,                                // ko
)

// separators stand alone on a line before what is quoted whole.
var separators = compile(
	`^-{2,}\s?(original message|message d'origine|message original|ursprüngliche nachricht|originalnachricht` +
		`|mensaje original|messaggio originale|mensagem original|oprindelig meddelelse|oorspronkelijk bericht` +
		`|ursprungligt meddelande|opprinnelig melding|wiadomość oryginalna|původní zpráva|исходное сообщение` +
		`|原始邮件|邮件原件|original-nachricht)\s?-{2,}$`,
)

// forwards introduce a mail that is handed on: it is the point of the message
// and never folded.
var forwards = compile(
	`^-{2,}\s?(forwarded message|message transféré|weitergeleitete nachricht|mensaje reenviado|messaggio inoltrato`+
		`|mensagem encaminhada|doorgestuurd bericht|vidarebefordrat meddelande|videresendt meddelelse)\s?-{2,}$`,
	`^(begin forwarded message|début du message réexpédié|début du message transféré|anfang der weitergeleiteten nachricht`+
		`|inicio del mensaje reenviado|inizio messaggio inoltrato)\s?:?$`,
)

// headings are the first words of a quoted header block, by what they name.
var headings = map[string]*regexp.Regexp{
	"from":    heading(`from|de|von|da|van|från|fra|od|от|发件人|差出人|보낸\s?사람|lähettäjä`),
	"sent":    heading(`sent|date|envoyé(\sle)?|gesendet|datum|fecha|enviado(\sel|\sem)?|data|inviato|verzonden|skickat|sendt|дата|отправлено|wysłano|odesláno|发送时间|日期|送信日時|日付|보낸\s?날짜`),
	"to":      heading(`to|à|an|para|a|aan|till|til|do|komu|кому|收件人|宛先|받는\s?사람`),
	"subject": heading(`subject|objet|betreff|asunto|oggetto|assunto|onderwerp|ämne|emne|temat|předmět|тема|主题|件名|제목`),
}

func heading(names string) *regexp.Regexp {
	return regexp.MustCompile(`^\*?(` + names + `)\s?\*?\s?[:：]\*?(\s|$)`)
}

func compile(patterns ...string) []*regexp.Regexp {
	all := make([]*regexp.Regexp, len(patterns))
	for i, p := range patterns {
		all[i] = regexp.MustCompile(p)
	}
	return all
}

func matches(list []*regexp.Regexp, line string) bool {
	for _, re := range list {
		if re.MatchString(line) {
			return true
		}
	}
	return false
}

// maxPhrase is the longest line that can be a phrase of the tables, in bytes.
const maxPhrase = 600

// phrase makes a line comparable: lower case, one kind of space, no direction marks.
func phrase(line string) string {
	if len(line) > maxPhrase {
		return ""
	}
	line = strings.Map(func(r rune) rune {
		switch {
		case r == 0x200e, r == 0x200f, r == 0xfeff, r >= 0x2066 && r <= 0x2069:
			return -1
		case unicode.IsSpace(r):
			return ' '
		case r == '’':
			return '\''
		}
		return unicode.ToLower(r)
	}, line)
	return strings.Join(strings.Fields(line), " ")
}

// verbs are the words that every attribution has one of. Looking for them
// first keeps long texts from being matched line by line.
var verbs = []string{"wrote", "écrit", "schrieb", "escribió", "scritto", "escreveu", "schreef", "skrev", "skreiv",
	"kirjoitti", "napisał", "pisze", "napsal", "пишет", "написал", "şunu", "viết", "写道", "のメッセージ", "작성"}

// attributes tells whether a phrase introduces a quote.
func attributes(p string) bool {
	if !strings.ContainsAny(p, "0123456789@") {
		return false
	}
	for _, v := range verbs {
		if strings.Contains(p, v) {
			return matches(attributions, p)
		}
	}
	return false
}

// wordCount counts words; where a script writes none apart, its letters count.
func wordCount(s string) int {
	n := 0
	for _, f := range strings.Fields(s) {
		letters, wide := 0, 0
		for _, r := range f {
			switch {
			case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
				wide++
			case unicode.IsLetter(r) || unicode.IsDigit(r):
				letters++
			}
		}
		n += wide
		if letters > 0 {
			n++
		}
	}
	return n
}
