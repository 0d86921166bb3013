using System.Text;

namespace Wharf.Cli.Output;

/// <summary>Decodes UTF-8 bytes for a text writer, which encodes them as its screen requires.</summary>
internal sealed class TextOutput(TextWriter writer) : ForwardStream
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    public override void Flush() => writer.Flush();

    protected override void WriteAll(ReadOnlySpan<byte> bytes)
    {
        var characters = new char[_decoder.GetCharCount(bytes, flush: false)];
        writer.Write(characters, 0, _decoder.GetChars(bytes, characters, flush: false));
    }
}
