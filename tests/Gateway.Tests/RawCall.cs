using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Wharf.Gateway.Tests;

/// <summary>A call at the wire level: the undecoded headers and trailers of its response.</summary>
internal sealed record RawCall(IReadOnlyDictionary<string, string> Headers, IReadOnlyDictionary<string, string> Trailers)
{
    public const string Http2 = "application/grpc";
    public const string Web = "application/grpc-web+proto";
    public const string WebText = "application/grpc-web-text";

    private const byte TrailersFlag = 0x80;

    /// <summary>The status fields, from headers or trailers.</summary>
    public IReadOnlyDictionary<string, string> Status => Trailers.ContainsKey("grpc-status") ? Trailers : Headers;

    public static async Task<RawCall> SendAsync(string address, string method, byte[] message, string contentType, string? authorization, params (string Name, string Value)[] more)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, address + method);
        if (contentType == Http2)
        {
            (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
            request.Headers.Add("te", "trailers");
        }
        else
        {
            request.Headers.Add("x-grpc-web", "1");
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(contentType));
        }

        foreach (var (name, value) in more)
            request.Headers.TryAddWithoutValidation(name, value);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("authorization", authorization);
        byte[] frame = [0, (byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, .. message];
        request.Content = new ByteArrayContent(contentType == WebText ? Encoding.ASCII.GetBytes(Convert.ToBase64String(frame)) : frame);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        using var response = await client.SendAsync(request).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(
            contentType.Replace("+proto", "", StringComparison.Ordinal),
            response.Content.Headers.ContentType!.MediaType!.Replace("+proto", "", StringComparison.Ordinal));
        var body = await response.Content.ReadAsByteArrayAsync();
        var headers = response.Headers.NonValidated.ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.Ordinal);
        var trailers = contentType == Http2
            ? response.TrailingHeaders.NonValidated.ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.Ordinal)
            : ReadTrailers(contentType == WebText ? Decode(body) : body);
        return new RawCall(headers, trailers);
    }

    // Each flushed part is encoded as separate base64.
    private static byte[] Decode(byte[] text)
    {
        var bytes = new List<byte>();
        var ascii = Encoding.ASCII.GetString(text);
        for (var at = 0; at < ascii.Length; at += 4)
            bytes.AddRange(Convert.FromBase64String(ascii.Substring(at, 4)));
        return [.. bytes];
    }

    private static Dictionary<string, string> ReadTrailers(byte[] body)
    {
        var trailers = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at + 5 <= body.Length;)
        {
            var length = (body[at + 1] << 24) | (body[at + 2] << 16) | (body[at + 3] << 8) | body[at + 4];
            if (body[at] == TrailersFlag)
            {
                foreach (var line in Encoding.Latin1.GetString(body, at + 5, length).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
                {
                    // Browser clients split at every colon.
                    var parts = line.Split(':');
                    Assert.True(parts.Length == 2, line);
                    trailers.Add(parts[0], parts[1].TrimStart(' '));
                }
            }

            at += 5 + length;
        }

        return trailers;
    }
}
