using System.Globalization;
using System.Net;
using System.Text;

namespace Wharf.Security.Fuzzing;

/// <summary>The end of a call.</summary>
/// <param name="Status">The gRPC status, if there was one.</param>
/// <param name="Http">The HTTP status, if there was a response.</param>
/// <param name="Text">The message of the status, or the failure of the connection.</param>
/// <param name="IsBroken">Whether the response ended without a status because of a failure of its stream or connection.</param>
internal sealed record FuzzOutcome(int? Status, HttpStatusCode? Http, string Text, bool IsBroken = false);

/// <summary>Sends inputs as they are.</summary>
internal sealed class FuzzClient(Uri address) : IDisposable
{
    private const int MostBytes = 4 << 20;

    private readonly HttpClient _client = CreateClient(Timeout.InfiniteTimeSpan);

    // The server closes a connection of HTTP/1.1 on which it did not read the whole body; a request that was sent meanwhile would be lost.
    private readonly HttpClient _web = CreateClient(TimeSpan.Zero);

    // Odd headers can end the whole connection.
    private readonly HttpClient _odd = CreateClient(Timeout.InfiniteTimeSpan);

    /// <summary>Sends an input and returns the end of its call.</summary>
    public async Task<FuzzOutcome> SendAsync(FuzzInput input, string authorization, CancellationToken cancellationToken)
    {
        var client = input.HasOddHeaders ? _odd : input.Wire == FuzzWire.Http2 ? _client : _web;
        using var request = CreateRequest(input, authorization);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            byte[] body = await ReadAsync(response, cancellationToken);
            return Read(response, body);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            return new FuzzOutcome(null, null, broken.InnerException is { } inner ? $"{broken.Message} {inner.Message}" : broken.Message, IsBroken: true);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _web.Dispose();
        _odd.Dispose();
    }

    private static HttpClient CreateClient(TimeSpan lifetime) => new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, PooledConnectionLifetime = lifetime })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private HttpRequestMessage CreateRequest(FuzzInput input, string authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, input.Path))
        {
            Version = input.Wire == FuzzWire.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new FuzzContent(input),
        };
        if (input.Wire == FuzzWire.Http2)
            request.Headers.TryAddWithoutValidation("te", "trailers");
        else
            request.Headers.TryAddWithoutValidation("x-grpc-web", "1");
        if (!input.Headers.Any(static header => header.Name == "authorization"))
            request.Headers.TryAddWithoutValidation("authorization", authorization);
        string type = input.Wire switch { FuzzWire.Web => "application/grpc-web+proto", FuzzWire.WebText => "application/grpc-web-text", _ => "application/grpc" };
        foreach (var (name, value) in input.Headers)
        {
            if (name == "content-type")
                type = value;
            else
                request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Content.Headers.TryAddWithoutValidation("content-type", type);
        return request;
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[8 << 10];
        while (await stream.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            if (body.Length > MostBytes)
                body.SetLength(0);
            body.Write(buffer, 0, count);
        }

        return body.ToArray();
    }

    private static FuzzOutcome Read(HttpResponseMessage response, byte[] body)
    {
        string? status = First(response.TrailingHeaders, "grpc-status") ?? First(response.Headers, "grpc-status");
        string? text = First(response.TrailingHeaders, "grpc-message") ?? First(response.Headers, "grpc-message");
        if (status is null && response.Content.Headers.ContentType?.MediaType?.StartsWith("application/grpc-web", StringComparison.Ordinal) == true)
        {
            bool isText = response.Content.Headers.ContentType.MediaType.Contains("text", StringComparison.Ordinal);
            string trailers = Trailers(isText ? Decode(body) : body);
            status = Line(trailers, "grpc-status");
            text = Line(trailers, "grpc-message");
        }

        return new FuzzOutcome(status is null ? null : int.Parse(status, CultureInfo.InvariantCulture), response.StatusCode, Uri.UnescapeDataString(text ?? ""));
    }

    private static string? First(System.Net.Http.Headers.HttpHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.First() : null;

    private static string? Line(string trailers, string name) =>
        trailers.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    private static byte[] Decode(byte[] text)
    {
        // Each part of the response is padded on its own.
        var bytes = new List<byte>();
        for (int at = 0; at + 4 <= text.Length; at += 4)
            bytes.AddRange(Convert.FromBase64String(Encoding.ASCII.GetString(text, at, 4)));
        return [.. bytes];
    }

    private static string Trailers(byte[] body)
    {
        for (int at = 0; at + 5 <= body.Length;)
        {
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at + 1));
            if ((body[at] & 0x80) != 0)
                return Encoding.Latin1.GetString(body, at + 5, Math.Min(length, body.Length - at - 5));
            at += 5 + length;
        }

        return "";
    }

    /// <summary>Writes the frames, and ends as the input does.</summary>
    private sealed class FuzzContent(FuzzInput input) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            byte[][] pieces = input.Wire == FuzzWire.WebText ? [Encoding.ASCII.GetBytes(Convert.ToBase64String([.. input.Frames.SelectMany(static frame => frame)]))] : input.Frames;
            for (int n = 0; n < pieces.Length; n++)
            {
                bool isCut = input.Ending == FuzzEnding.Reset && n == pieces.Length / 2;
                await stream.WriteAsync(isCut ? pieces[n].AsMemory(0, pieces[n].Length / 2) : pieces[n], cancellationToken);
                await stream.FlushAsync(cancellationToken);
                if (isCut)
                    break;
            }

            if (input.Ending == FuzzEnding.Reset)
                throw new IOException("The client gives up.");
            if (input.Ending == FuzzEnding.LeftOpen)
                await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
