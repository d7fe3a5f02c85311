package stage

import "time"

const day = 24 * time.Hour

// newsletter is laid out in tables, as such mails are.
const newsletter = `<html><head><title>Light &amp; Form</title></head><body style="margin:0;background:#eee">
<table width="600" align="center" cellpadding="16" style="background:#fff;font-family:Georgia,serif">
<tr><td align="center"><h1>Light &amp; Form</h1><p><em>The trade fair for makers of lamps, 14&ndash;17 May</em></p></td></tr>
<tr><td><h2>Early tickets end on Friday</h2>
<p>Two hundred makers, three halls, and for the first time a day for repairers. Readers of this letter come in for half the price.</p>
<p><a href="https://lightandform.example/tickets">Take an early ticket</a></p></td></tr>
<tr><td><table width="100%"><tr><td width="50%"><h3>Workshop: dimming without hum</h3><p>Thursday at ten, hall B.</p></td>
<td width="50%"><h3>Workshop: glass that travels</h3><p>Friday at two, hall A.</p></td></tr></table></td></tr>
<tr><td align="center"><small>You get this letter because you visited us last year.
<a href="https://lightandform.example/leave">No more letters</a></small></td></tr>
</table></body></html>`

const crackedHTML = `<div dir="ltr"><p>Hello,</p>
<p>The Alba table lamp came today and the glass shade has a crack from top to bottom, see the picture:</p>
<p><img src="cid:shade@mailhaven.example" alt="Glass shade with a crack" width="360"></p>
<p>The box itself was <b>not</b> damaged, so I think it was packed like this. Could you send me a new shade? I would rather not send the whole lamp back.</p>
<p>Order 20418.</p><p>Thanks,<br>Daniel</p></div>`

func englishSamples() []sample {
	return []sample{
		{
			key: "lamp-not-arrived", from: "olivia.bennett@postbox.example", ago: 6*day + 3*time.Hour,
			subject: "Order 20391 – where is my floor lamp?",
			text: "Hi,\n\nI ordered the Lund floor lamp two weeks ago (order 20391). The tracking page has said \"with the carrier\" since last Monday and nothing has moved.\n\n" +
				"We are moving house on the 28th, so I really need to know whether it will come before then or whether I should have it sent to the new address.\n\nCould you find out where it is?\n\nBest wishes,\nOlivia Bennett",
		},
		{
			key: "lamp-not-arrived-2", from: "olivia.bennett@postbox.example", ago: 20 * time.Hour, parent: "lamp-not-arrived",
			text: "Hello again,\n\nstill nothing, and the tracking number SC-7741-20391 is now \"unknown\". Please could somebody ring the carrier? The new address would be 4 Quarry Lane, Ilkley.\n\nOlivia",
		},
		{
			key: "cracked-shade", from: "daniel.okafor@mailhaven.example", ago: 2*day + 5*time.Hour,
			subject: "Cracked glass shade",
			text:    "Hello,\n\nThe Alba table lamp came today and the glass shade has a crack from top to bottom, see the picture.\n\nThe box itself was not damaged, so I think it was packed like this. Could you send me a new shade? I would rather not send the whole lamp back.\n\nOrder 20418.\n\nThanks,\nDaniel",
			html:    crackedHTML,
			files:   []File{{Name: "shade.png", Type: "image/png", ContentID: "shade@mailhaven.example", Data: photograph(true)}},
		},
		{
			key: "quote-for-24", from: "priya.raman@studioraman.example", ago: 3*day + 90*time.Minute,
			subject: "24 pendant lamps for a restaurant",
			text: "Dear team,\n\nfor a restaurant in Bristol I am looking for 24 Orrin pendants, brass, with 3 m of cable instead of 1.5 m. The room list is attached.\n\n" +
				"1. Is there a price for that quantity?\n2. Can your workshop fit the longer cable, and does the safety certificate still hold with it?\n3. Could they be on site in the week of the 12th?\n\nKind regards,\nPriya Raman\nStudio Raman · Interior design",
			files: []File{{Name: "Room list.csv", Type: "text/csv", Data: []byte(
				"room,lamps,drop in m\nBar,6,1.20\nDining room,14,0.90\nPrivate room,4,0.90\n")}},
		},
		{
			key: "charged-twice", from: "tom@whitfieldjoinery.example", ago: 26 * time.Hour,
			subject: "Charged twice for one order",
			text:    "Hello,\n\nmy bank statement shows two payments of £148.00 on the same day, for the same order (20433). I pressed the button once.\n\nThe statement is attached, I have blacked out the rest. Please return one of them.\n\nTom Whitfield\nWhitfield Joinery",
			files: []File{{Name: "statement.pdf", Type: "application/pdf", Data: paper(
				"Statement of account", "", "03  CARD  LAMP SHOP ORDER 20433      148.00", "03  CARD  LAMP SHOP ORDER 20433      148.00", "", "All other lines removed by the account holder.")}},
		},
		{
			key: "return-label", from: "hannah.lindqvist@nordpost.example", ago: 7 * time.Hour,
			subject: "Return label does not open",
			text:    "Hi!\n\nI want to return the Vik desk lamp (order 20440, unused). The link to the return label leads to an empty page, on my phone and on my laptop.\n\nCan you send me the label as a file? I pass the post office tomorrow at lunch.\n\nThank you,\nHannah",
		},
		{
			key: "newsletter-light-form", from: "priya.raman@studioraman.example", ago: 50 * time.Minute,
			subject: "Fwd: Light & Form: early tickets end on Friday",
			text:    "Will you be there this year? We could look at the pendants together.\n\nPriya\n\n---------- Forwarded message ----------\nFrom: Light & Form <letter@lightandform.example>\nSubject: Light & Form: early tickets end on Friday\n\nTwo hundred makers, three halls, and for the first time a day for repairers.\nTickets: https://lightandform.example/tickets",
			html:    "<p>Will you be there this year? We could look at the pendants together.</p><p>Priya</p><p>---------- Forwarded message ----------<br>From: Light &amp; Form &lt;letter@lightandform.example&gt;<br>Subject: Light &amp; Form: early tickets end on Friday</p>" + newsletter,
		},
	}
}
