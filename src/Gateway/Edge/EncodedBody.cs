using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Wharf.Gateway.Edge;

/// <summary>The decoded body of a gRPC-Web request in base64. The decoder returns the bytes only once, so they are kept until the handler reads them.</summary>
internal sealed class EncodedBody : IRequestBodyPipeFeature
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private PipeReader? _reader;

    public PipeReader Reader => _reader ??= PipeReader.Create(new ReadOnlySequence<byte>(_bytes.WrittenMemory));

    /// <summary>Marks a request in base64, before gRPC-Web hides its content type.</summary>
    public static void Mark(HttpContext http)
    {
        if (http.Request.ContentType?.StartsWith("application/grpc-web-text", StringComparison.OrdinalIgnoreCase) == true)
            http.Features.Set(new EncodedBody());
    }

    /// <summary>Returns the body of a request in base64; null for any other request.</summary>
    public static EncodedBody? Of(HttpContext http) => http.Features.Get<EncodedBody>();

    /// <summary>Appends bytes.</summary>
    /// <returns>All bytes so far.</returns>
    public ReadOnlySequence<byte> Append(in ReadOnlySequence<byte> bytes)
    {
        foreach (var piece in bytes)
            _bytes.Write(piece.Span);
        return new ReadOnlySequence<byte>(_bytes.WrittenMemory);
    }
}
