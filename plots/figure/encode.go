package figure

import (
	"bytes"
	"fmt"
	"html"
	"image/png"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"

	"budget/internal/escape"
)

// Encode writes the chart to w in a format, "png", "svg" or "pdf". An SVG has no XML prolog,
// so it can stand in an HTML page as it is.
func (c *Chart) Encode(w io.Writer, format string) error {
	data, err := c.encode(format)
	if err != nil {
		return fmt.Errorf("encoding chart: %w", err)
	}
	_, err = w.Write(data)
	return err
}

func (c *Chart) encode(format string) (data []byte, err error) {
	var b bytes.Buffer
	switch format {
	case "png":
		dots := pngDPI * c.scale()
		canvas := vgimg.NewWith(vgimg.UseWH(c.width, c.height), vgimg.UseDPI(int(dots+0.5)))
		c.Draw(draw.New(canvas))
		// Packing harder takes a third of the time of a chart, and saves a twentieth of the bytes.
		err = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, canvas.Image())
		return b.Bytes(), err
	case "svg":
		canvas := vgsvg.New(c.width, c.height)
		c.Draw(draw.New(canvas))
		if _, err = canvas.WriteTo(&b); err != nil {
			return nil, err
		}
		svg, err := c.finishSVG(b.Bytes())
		return []byte(escape.Document(string(svg))), err
	case "pdf":
		return c.encodePDF()
	}
	return nil, fmt.Errorf("unknown image format %q, want png, svg or pdf", format)
}

// encodePDF draws the chart as a PDF. The canvas embeds fonts by way of temporary files, and panics
// where these cannot be written; that is an *fs.PathError here.
func (c *Chart) encodePDF() (data []byte, err error) {
	defer func() {
		r := recover()
		text, _ := r.(string)
		reason, fonts := strings.CutPrefix(text, "vgpdf: could not generate font")
		if r != nil && !fonts {
			panic(r)
		}
		if fonts {
			err = &fs.PathError{Op: "write", Path: os.TempDir(),
				Err: fmt.Errorf("temporary files in %s: font%s", os.TempDir(), reason)}
		}
	}()
	k := c.scale()
	canvas := pdfCanvas{vgpdf.New(c.width*vg.Length(k), c.height*vg.Length(k)), map[string]bool{}}
	if k != 1 {
		canvas.Scale(k, k)
	}
	c.Draw(draw.New(canvas))
	var b bytes.Buffer
	_, err = canvas.WriteTo(&b)
	return UndatePDF(b.Bytes()), err
}

// finishSVG replaces the prolog by one that names the chart for screen readers, and adds
// fonts to fall back on: with the same widths first.
func (c *Chart) finishSVG(svg []byte) ([]byte, error) {
	start := bytes.Index(svg, []byte("<svg "))
	if start < 0 {
		return nil, fmt.Errorf("drawing gave no <svg> element")
	}
	end := start + bytes.IndexByte(svg[start:], '>')
	head := svg[start:end]
	if k := vg.Length(c.scale()); k != 1 {
		head = svgSize.ReplaceAll(head, fmt.Appendf(nil, `<svg width="%.5gpt" height="%.5gpt"`,
			float64(k*c.width), float64(k*c.height)))
	}
	fonts := bytes.ReplaceAll(svg[end+1:], []byte("font-family:Liberation Sans;"),
		[]byte("font-family:'Liberation Sans',Arial,Helvetica,sans-serif;"))
	return fmt.Appendf(nil, "%s role=\"img\">\n<title>%s</title>\n<desc>%s</desc>%s", head,
		html.EscapeString(c.Title), html.EscapeString(c.Description), fonts), nil
}

// svgSize is how an SVG begins.
var svgSize = regexp.MustCompile(`^<svg width="[^"]*" height="[^"]*"`)

// pdfCanvas writes texts in the code page that PDF canvases embed their fonts
// with; they take bytes as they come.
type pdfCanvas struct {
	*vgpdf.Canvas
	embedded map[string]bool // names of fonts
}

// FillString draws text; characters outside the code page become "?". The canvas prepares a font
// anew for every size and keeps the first, so it need not pack the others.
func (c pdfCanvas) FillString(f font.Face, at vg.Point, text string) {
	c.EmbedFonts(!c.embedded[f.Name()])
	c.embedded[f.Name()] = true
	var b strings.Builder
	for _, r := range text {
		b.WriteByte(windows1252(r))
	}
	c.Canvas.FillString(f, at, b.String())
}

// windows1252 returns the code of a character, that of "?" if it has none. Most codes are those of
// Unicode.
func windows1252(r rune) byte {
	for i, special := range []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f" +
		"\u0090‘’“”•–—˜™š›œ\u009džŸ") {
		if r == special {
			return byte(0x80 + i)
		}
	}
	if r < 0x80 || r >= 0xa0 && r <= 0xff {
		return byte(r)
	}
	return '?'
}

var pdfDate = regexp.MustCompile(`(/(?:Creation|Mod)Date \(D:)\d{14}`)

// UndatePDF replaces the dates of a PDF by a fixed one of the same length, so that the table
// of byte offsets at its end still holds and the same content gives the same bytes.
func UndatePDF(pdf []byte) []byte {
	return pdfDate.ReplaceAll(pdf, []byte("${1}20000101000000"))
}
