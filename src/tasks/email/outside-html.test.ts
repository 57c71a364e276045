/** Tests of text from outside in HTML. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { showOutsideAsText } from './outside-html.ts';

test('tags from outside are text, line breaks and what the flow wrote stay', () => {
  const outside = 'a<br />b<br>c<script>d</script>&lt;e&gt;<br onload=x> "f" \'g\'';
  const html = `<p title="x">${outside}</p>`;
  const start = html.indexOf(outside);
  expect(showOutsideAsText(html, [{ start, end: start + outside.length }])).toBe(
    '<p title="x">a<br />b<br>c&lt;script&gt;d&lt;/script&gt;&lt;e&gt;&lt;br onload=x&gt; &quot;f&quot; &#39;g&#39;</p>',
  );
});

test('without parts from outside nothing changes', () => {
  expect(showOutsideAsText('<b>"x"</b>', [])).toBe('<b>"x"</b>');
});

test('whatever stands in parts from outside, no tag but a line break comes of it', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({
          unit: fc.constantFrom('<', '>', '/', 'br', ' ', '"', "'", '&', ';', 'a', '=', '\n'),
        }),
      ),
      (texts) => {
        let html = '';
        const parts = texts.map((text) => {
          html += '<p>';
          const start = html.length;
          html += text;
          const end = html.length;
          html += '</p>';
          return { start, end };
        });
        const shown = showOutsideAsText(html, parts);
        expect(shown.match(/<p>/g)?.length ?? 0).toBe(texts.length);
        expect(shown.replaceAll(/<\/?p>|<br ?\/?>/g, '')).not.toMatch(/[<>"']/);
      },
    ),
  );
});
