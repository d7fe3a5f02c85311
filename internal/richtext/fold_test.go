package richtext

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// texts are plain answers: what a program sends, and what of it is new. An
// empty reply means that everything is shown.
var texts = []struct{ name, text, reply string }{
	{"English, Gmail", "Yes, on Monday.\n\nOn Tue, 3 Nov 2026 at 10:12, Ann Lee <ann@x.test> wrote:\n\n> Can you come?\n> Ann", "Yes, on Monday."},
	{"English, wrapped", "Yes, on Monday.\n\nOn Tue, 3 Nov 2026 at 10:12, A Person With A Long Name\n<ann@x.test> wrote:\n> Can you come?", "Yes, on Monday."},
	{"French, Gmail", "Oui, lundi.\n\nLe mar. 3 nov. 2026 à 10:12, Ann <ann@x.test> a écrit :\n\n> Viens-tu ?", "Oui, lundi."},
	{"French, no quote marks", "Oui, lundi.\n\nLe 3 nov. 2026 à 10:12, Ann <ann@x.test> a écrit :\n\nViens-tu ?", "Oui, lundi."},
	{"German", "Ja, am Montag.\n\nAm 03.11.2026 um 10:12 schrieb Ann <ann@x.test>:\n> Kommst du?", "Ja, am Montag."},
	{"Spanish", "Sí, el lunes.\n\nEl mar, 3 nov 2026 a las 10:12, Ann (<ann@x.test>) escribió:\n\n> ¿Vienes?", "Sí, el lunes."},
	{"Italian", "Sì, lunedì va bene.\n\nIl giorno mar 3 nov 2026 alle ore 10:12 Ann <ann@x.test> ha scritto:\n\n> Vieni?", "Sì, lunedì va bene."},
	{"Portuguese", "Sim, segunda.\n\nEm ter., 3 de nov. de 2026 às 10:12, Ann <ann@x.test> escreveu:\n\n> Vens?", "Sim, segunda."},
	{"Dutch", "Ja, maandag.\n\nOp di 3 nov 2026 om 10:12 schreef Ann <ann@x.test>:\n\n> Kom je?", "Ja, maandag."},
	{"Swedish", "Ja, på måndag.\n\nDen tis 3 nov. 2026 kl 10:12 skrev Ann <ann@x.test>:\n\n> Kommer du?", "Ja, på måndag."},
	{"Danish", "Ja, på mandag.\n\nDen tirs. 3. nov. 2026 kl. 10.12 skrev Ann <ann@x.test>:\n\n> Kommer du?", "Ja, på mandag."},
	{"Finnish", "Kyllä, maanantaina.\n\nti 3. marrask. 2026 klo 10.12 Ann (ann@x.test) kirjoitti:\n\n> Tuletko?", "Kyllä, maanantaina."},
	{"Polish", "Tak, w poniedziałek.\n\nW dniu 3.11.2026 o 10:12, Ann pisze:\n> Przyjdziesz?", "Tak, w poniedziałek."},
	{"Czech", "Ano, v pondělí.\n\nút 3. 11. 2026 v 10:12 odesílatel Ann <ann@x.test> napsal:\n\n> Přijdeš?", "Ano, v pondělí."},
	{"Russian", "Да, в понедельник.\n\nвт, 3 нояб. 2026 г. в 10:12, Ann <ann@x.test>:\n3 ноября 2026 г., 10:12, Ann <ann@x.test> написал(а):\n> Придёшь?", "Да, в понедельник."},
	{"Turkish", "Evet, pazartesi.\n\nAnn <ann@x.test>, 3 Kas 2026 Sal, 10:12 tarihinde şunu yazdı:\n\n> Geliyor musun?", "Evet, pazartesi."},
	{"Vietnamese", "Vâng, thứ Hai.\n\nVào Th 3, 3 thg 11, 2026 vào lúc 10:12 Ann <ann@x.test> đã viết:\n\n> Bạn đến không?", "Vâng, thứ Hai."},
	{"Chinese", "好的，星期一。\n\n在 2026年11月3日，10:12，Ann <ann@x.test> 写道：\n\n> 你来吗？", "好的，星期一。"},
	{"Japanese", "はい、月曜日です。\n\n2026年11月3日(火) 10:12 Ann <ann@x.test>のメッセージ:\n\n> 来ますか", "はい、月曜日です。"},
	{"Korean", "네, 월요일입니다.\n\n2026년 11월 3일 (화) 오전 10:12, Ann <ann@x.test>님이 작성:\n\n> 오시나요?", "네, 월요일입니다."},
	{"Outlook, English", "Yes, on Monday.\n\nFrom: Ann Lee <ann@x.test>\nSent: Tuesday, 3 November 2026 10:12\nTo: Bob\nSubject: Visit\n\nCan you come?", "Yes, on Monday."},
	{"Outlook, French", "Oui, lundi.\n\nDe : Ann <ann@x.test>\nEnvoyé : mardi 3 novembre 2026 10:12\nÀ : Bob\nObjet : Visite\n\nViens-tu ?", "Oui, lundi."},
	{"Outlook, German", "Ja, am Montag.\n\nVon: Ann <ann@x.test>\nGesendet: Dienstag, 3. November 2026 10:12\nAn: Bob\nBetreff: Besuch\n\nKommst du?", "Ja, am Montag."},
	{"Outlook's line", "Yes, on Monday.\n________________________________\nFrom: Ann <ann@x.test>\nSent: 3 November 2026\nTo: Bob\nSubject: Visit\n\nCan you come?", "Yes, on Monday."},
	{"Original message", "Yes, on Monday.\n\n-----Original Message-----\nFrom: Ann\nCan you come?", "Yes, on Monday."},
	{"Message d'origine", "Oui, lundi.\n\n-----Message d’origine-----\nDe : Ann\nViens-tu ?", "Oui, lundi."},
	{"bare quote marks", "Yes, on Monday.\n\n> Can you come?\n> Ann", "Yes, on Monday."},
	{"a signature after the quote", "Yes, on Monday.\n\n> Can you come?\n\n-- \nBob", "Yes, on Monday."},
	{"a long quoted line, wrapped", "Yes, on Monday.\n\nOn 3 Nov 2026, Ann wrote:\n> Can you come, and bring what we talked\nabout?\n> Ann", "Yes, on Monday."},
	{"one word, short quote", "Yes.\n\nOn 3 Nov 2026, Ann wrote:\n> Can you come?", "Yes."},
	{"one word, long quote", "Yes.\n\nOn 3 Nov 2026, Ann wrote:\n" + strings.Repeat("> line\n", 30), ""},
	{"answers between", "On 3 Nov 2026, Ann wrote:\n> Can you come?\n\nYes.\n\n> When?\n\nMonday.", ""},
	{"answers between, words first", "See below, please.\n\nOn 3 Nov 2026, Ann wrote:\n> Can you come?\n\nYes.\n\n> When?\n\nMonday.", ""},
	{"the answer below", "On 3 Nov 2026, Ann wrote:\n> Can you come?\n\nYes, on Monday.", ""},
	{"nothing but a quote", "> Can you come?\n> Ann", ""},
	{"a forward", "Please look at this.\n\n---------- Forwarded message ---------\nFrom: Ann <ann@x.test>\nDate: 3 Nov 2026\nSubject: Visit\n\nCan you come?", ""},
	{"Apple's forward", "Please look at this.\n\nBegin forwarded message:\n\nFrom: Ann\nSubject: Visit\n\nCan you come?", ""},
	{"no quote", "From Monday on I am here.\nAnn wrote: nothing.", ""},
	{"words that look like a header", "The fields are\nFrom: where\nand so on", ""},
}

func TestHistoryInPlainTextIsFolded(t *testing.T) {
	t.Parallel()
	for _, tt := range texts {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := FromPlain(tt.text)
			want, folds := tt.reply, tt.reply != ""
			if !folds {
				want = strings.TrimSpace(tt.text)
			}
			if diff := cmp.Diff(want, p.ReplyText); diff != "" || folds != (p.Quoted != "") {
				t.Errorf("folded: %v\n%s", p.Quoted != "", diff)
			}
			if p.Text != strings.TrimSpace(tt.text) {
				t.Error("words were lost")
			}
		})
	}
}

// mails are answers in HTML as mail programs make them, shortened.
var mails = []struct{ name, html, reply string }{
	{"Gmail", `<div dir="ltr">Yes, on Monday.</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Tue, Nov 3, 2026 at 10:12 AM Ann &lt;<a href="mailto:ann@x.test">ann@x.test</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0"><div>Can you come?</div></blockquote></div>`, "Yes, on Monday."},
	{"Gmail, French", `<div dir="ltr">Oui, lundi.</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Le mar. 3 nov. 2026 à 10:12, Ann a écrit :<br></div><blockquote class="gmail_quote">Viens-tu ?</blockquote></div>`, "Oui, lundi."},
	{"Apple Mail", `<html><body style="overflow-wrap: break-word;">Yes, on Monday.<br><div><br><blockquote type="cite"><div>On 3 Nov 2026, at 10:12, Ann &lt;ann@x.test&gt; wrote:</div><br><div>Can you come?</div></blockquote></div><br></body></html>`, "Yes, on Monday."},
	{"Thunderbird", `<p>Yes, on Monday.</p><div class="moz-cite-prefix">On 03/11/2026 10:12, Ann wrote:<br></div><blockquote type="cite" cite="mid:x@x.test"><p>Can you come?</p></blockquote>`, "Yes, on Monday."},
	{"Outlook 2016", `<div class="WordSection1"><p class="MsoNormal">Yes, on Monday.</p><p class="MsoNormal">&nbsp;</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Ann<br><b>Sent:</b> 3 November 2026<br><b>To:</b> Bob<br><b>Subject:</b> Visit</p></div><p class="MsoNormal">Can you come?</p></div>`, "Yes, on Monday."},
	{"Outlook on the web", `<div>Yes, on Monday.</div><div id="appendonsend"></div><hr style="width:98%"><div id="divRplyFwdMsg"><b>De :</b> Ann<br><b>Envoyé :</b> mardi<br><b>Objet :</b> Visite</div><div>Viens-tu ?</div>`, "Yes, on Monday."},
	{"Outlook for Mac", `<div>Yes, on Monday.</div><span id="OLK_SRC_BODY_SECTION"><div>From: Ann</div><div>Can you come?</div></span>`, "Yes, on Monday."},
	{"Outlook, no mark but its header", `<p>Ja, am Montag.</p><p><b>Von:</b> Ann<br><b>Gesendet:</b> 3. November 2026<br><b>An:</b> Bob<br><b>Betreff:</b> Besuch</p><p>Kommst du?</p>`, "Ja, am Montag."},
	{"Yahoo", `<div>Yes, on Monday.</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>On Tuesday, Ann wrote:</div><div>Can you come?</div></div>`, "Yes, on Monday."},
	{"Proton", `<div>Yes, on Monday.</div><div class="protonmail_quote">On Tuesday, Ann wrote:<br><blockquote type="cite">Can you come?</blockquote></div>`, "Yes, on Monday."},
	{"Zimbra", `<div>Yes, on Monday.</div><hr id="zwchr" data-marker="__DIVIDER__"><div><b>From: </b>Ann<br><b>Sent: </b>Tuesday</div><div>Can you come?</div>`, "Yes, on Monday."},
	{"a quote by its phrase alone", `<p>Ja, maandag.</p><p>Op di 3 nov 2026 om 10:12 schreef Ann:</p><blockquote>Kom je?</blockquote>`, "Ja, maandag."},
	{"a signature after the quote", `<div>Yes, on Monday.</div><div class="gmail_quote"><blockquote>Can you come?</blockquote></div><div class="gmail_signature">Bob</div>`, "Yes, on Monday."},
	{"answers between", `<p>See below.</p><blockquote type="cite"><p>Can you come?</p></blockquote><p>Yes.</p><blockquote type="cite">When?</blockquote><p>Monday.</p>`, ""},
	{"the answer below", `<div class="moz-cite-prefix">On 03/11/2026, Ann wrote:<br></div><blockquote type="cite">Can you come?</blockquote><p>Yes, on Monday.</p>`, ""},
	{"a forward", `<div>Please look.</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>From: Ann<br>Subject: Visit</div>Can you come?</div>`, ""},
	{"nothing but a quote", `<blockquote type="cite">Can you come?</blockquote>`, ""},
	{"a blockquote that is content", `<p>The poem goes</p><blockquote>Tyger, tyger</blockquote>`, ""},
}

func TestHistoryInHTMLIsFolded(t *testing.T) {
	t.Parallel()
	for _, tt := range mails {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := FromMail(tt.html)
			whole := textOf(Sanitize(tt.html), false)
			want, folds := tt.reply, tt.reply != ""
			if !folds {
				want = whole
			}
			if diff := cmp.Diff(want, p.ReplyText); diff != "" || folds != (p.Quoted != "") {
				t.Errorf("folded: %v\n%s", p.Quoted != "", diff)
			}
			if got := strings.Join(strings.Fields(p.Text), " "); got != strings.Join(strings.Fields(whole), " ") {
				t.Errorf("words were lost or moved:\n%s\n%s", got, whole)
			}
		})
	}
}
