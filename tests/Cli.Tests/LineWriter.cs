using System.Text;
using System.Threading.Channels;

namespace Wharf.Cli.Tests;

/// <summary>An output whose lines can be waited for.</summary>
internal sealed class LineWriter : TextWriter
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        if (value == '\n')
        {
            _lines.Writer.TryWrite(_line.ToString());
            _line.Clear();
        }
        else
        {
            _line.Append(value);
        }
    }

    public async Task<string> LineAsync(CancellationToken cancellationToken) => await _lines.Reader.ReadAsync(cancellationToken);
}
