using System.Text;
using Wharf.Protocol;

namespace Wharf.Cli.Output;

/// <summary>
/// Writes to a terminal or another output for users. Escapes control characters, so that texts of servers cannot control the terminal. A carriage return is written only before a line feed.
/// </summary>
internal sealed class ScreenWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        while (VisibleText.IndexOfEscaped(buffer) is >= 0 and var index)
        {
            inner.Write(buffer[..index]);
            inner.Write(buffer[index..] is ['\r', '\n', ..] ? "\r" : VisibleText.Escape(buffer[index].ToString()));
            buffer = buffer[(index + 1)..];
        }

        inner.Write(buffer);
    }

    public override void WriteLine() => inner.WriteLine();

    public override void WriteLine(string? value)
    {
        Write(value.AsSpan());
        inner.WriteLine();
    }

    public override void Flush() => inner.Flush();
}
