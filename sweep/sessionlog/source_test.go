package sessionlog

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestEveryRemarkIsListed reads a log with more bad rows than a log keeps.
func TestEveryRemarkIsListed(t *testing.T) {
	t.Parallel()
	const bad = 2*KeptRemarks + 7
	text := plainHeader + "mindfulness,20,20,none,81,80\n" +
		strings.Repeat("mindfulness,20,x,none,81,80\n", bad) + "mindfulness,20,20,none,71,70\n"
	l := readWith(t, text, plainOptions())
	if len(l.Remarks) != KeptRemarks+2 || l.Numbers[Malformed] != bad || l.Malformed != bad {
		t.Errorf("%d remarks, %v", len(l.Remarks), l.Numbers)
	}
	var all []Remark
	if err := l.EachRemark(func(r Remark) error { all = append(all, r); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(all) != bad+2 || !reflect.DeepEqual(all[:1000], l.Remarks[:1000]) ||
		all[bad+1].Line != bad+2 {
		t.Errorf("%d remarks are listed, %v, want %v", len(all), all[:3], l.Remarks[:3])
	}
	if want := "levels without a unit are in per cent (2009 rows)"; all[0].Message != want {
		t.Errorf("%s, want %s", all[0].Message, want)
	}
}

// TestPhonesArePassedOver reads an export with a session of an iPhone and one of unknown origin.
func TestPhonesArePassedOver(t *testing.T) {
	t.Parallel()
	sit := func(day int, device string) string {
		return fmt.Sprintf(`<Record type="HKCategoryTypeIdentifierMindfulSession" device="%s" `+
			`startDate="2026-03-0%d 07:00:03 +0100" endDate="2026-03-0%d 07:20:04 +0100"/>`+"\n", device,
			day, day)
	}
	phone := "&lt;&lt;HKDevice: 0x1&gt;, name:iPhone, hardware:iPhone14,2, software:18&gt;"
	l := readWith(t, "<HealthData>\n"+sit(1, phone)+
		sit(2, "")+sit(3, phone)+sit(4, strings.ReplaceAll(phone, "iPhone14", "Watch6"))+
		"</HealthData>", plainOptions())
	if l.Rows != 2 || l.Used() != 2 || !slices.ContainsFunc(l.Remarks, func(r Remark) bool {
		return r.Line == 2 && r.Message ==
			"a session of iPhone14,2, which is no watch: passed over (2 rows)"
	}) {
		t.Errorf("%+v, %v", l.RowCounts, l.Remarks)
	}
}

// TestKeySet puts keys in twice, into a set with room for none, a part, and all of them.
func TestKeySet(t *testing.T) {
	t.Parallel()
	for _, expected := range []int{0, 10_000, 50_000} {
		var s keySet
		s.expect(expected)
		putTwice(t, &s)
	}
}

func putTwice(t *testing.T, s *keySet) {
	t.Helper()
	key := func(i uint32) uint64 {
		var h hash64
		h.number(uint64(i))
		return uint64(h)
	}
	const n = 50_000
	for i := uint32(1); i <= n; i++ {
		if x, isNew := s.put(key(i), i, i); !isNew || x.row != i {
			t.Fatalf("%d is %+v", i, x)
		}
	}
	for i := uint32(1); i <= n; i++ {
		if x, isNew := s.put(key(i), 0, n+i); isNew || x.row != i || x.content != i {
			t.Fatalf("again %d is %+v", i, x)
		}
	}
	slots := 0
	for i := range s.parts {
		slots += len(s.parts[i].slots)
	}
	if slots > n*3/2 {
		t.Errorf("%d slots for %d sessions", slots, n)
	}
}
