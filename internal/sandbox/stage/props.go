package stage

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
)

// photograph draws what a customer's telephone might have seen: a lamp's glass
// shade on a table, with a crack in it if it is cracked.
func photograph(cracked bool) []byte {
	const w, h = 360, 240
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, stillLife(x, y, cracked))
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, m) // into memory: it cannot fail
	return b.Bytes()
}

// stillLife is the colour of one point of the photograph.
func stillLife(x, y int, cracked bool) color.Color {
	half := 34 + (y-50)*44/110 // the shade grows wider downwards
	inShade := y >= 50 && y < 160 && x > 180-half && x < 180+half
	crack := 196 + (y-50)/3 + (y*7%11 - 5)
	switch {
	case cracked && inShade && y > 70 && x >= crack && x <= crack+2:
		return color.RGBA{70, 58, 50, 255}
	case inShade:
		light := uint8(255 - abs(x-168)/2)
		return color.RGBA{light, light - 14, light - 62, 255}
	case y >= 160 && y < 205 && x > 174 && x < 186, y >= 198 && y < 208 && x > 140 && x < 220:
		return color.RGBA{52, 56, 64, 255}
	case y >= 190:
		return color.RGBA{uint8(150 - (y-190)/3), 108, 74, 255}
	}
	return color.RGBA{uint8(214 - y/6), uint8(218 - y/7), uint8(222 - y/9), 255}
}

func abs(n int) int { return max(n, -n) }

// paper is a PDF of one page with lines of plain ASCII text.
func paper(lines ...string) []byte {
	var page strings.Builder
	page.WriteString("BT /F1 11 Tf 60 780 Td 16 TL\n")
	escape := strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`)
	for _, line := range lines {
		fmt.Fprintf(&page, "(%s) Tj T*\n", escape.Replace(line))
	}
	page.WriteString("ET\n")
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%sendstream", page.Len(), page.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}
