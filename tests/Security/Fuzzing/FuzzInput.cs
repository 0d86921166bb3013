using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf.Reflection;

namespace Wharf.Security.Fuzzing;

/// <summary>How a request is written.</summary>
internal enum FuzzWire
{
    Http2,
    Web,
    WebText,
}

/// <summary>How the body of a request ends.</summary>
internal enum FuzzEnding
{
    Complete,
    LeftOpen,
    Reset,
}

/// <summary>A request as it is sent.</summary>
/// <param name="Path">The path, which names the RPC.</param>
/// <param name="Wire">How it is written.</param>
/// <param name="Ending">How its body ends.</param>
/// <param name="Headers">Headers beside those that every call has.</param>
/// <param name="HasOddHeaders">Whether a header may be refused before gRPC sees the request.</param>
/// <param name="Frames">The body, frame by frame.</param>
internal sealed record FuzzInput(string Path, FuzzWire Wire, FuzzEnding Ending, (string Name, string Value)[] Headers, bool HasOddHeaders, byte[][] Frames)
{
    private static readonly JsonSerializerOptions Json = new() { IncludeFields = true };

    /// <summary>Returns the input with an index, which follows from the seed and the index alone.</summary>
    /// <param name="plan">The RPCs.</param>
    /// <param name="index">The index.</param>
    public static FuzzInput Make(FuzzPlan plan, long index)
    {
        var random = new FuzzRandom(plan.Seed, index);
        var method = plan.Choose(index);
        var messages = RequestMaker.Make(method, random);
        if (random.Once(2))
            Mutations.ChangeMessages(messages, random);
        List<byte[]> frames = [.. messages.Select(static message => Frame(message.ToBytes()))];
        if (random.Once(6))
            Mutations.ChangeFrames(frames, random);
        var headers = new List<(string, string)>();
        AddStreamHeaders(headers, method, index / FuzzPlan.ChunkSize, random);
        bool isOdd = random.Once(15);
        if (isOdd)
            AddOddHeaders(headers, random);
        return new FuzzInput(
            ServedCalls.PathOf(method),
            random.Next(6) switch { 4 => FuzzWire.Web, 5 => FuzzWire.WebText, _ => FuzzWire.Http2 },
            random.Next(20) switch { 0 => FuzzEnding.LeftOpen, 1 => FuzzEnding.Reset, _ => FuzzEnding.Complete },
            [.. headers],
            isOdd,
            [.. frames]);
    }

    /// <summary>Returns a text from which <see cref="Parse"/> makes the input again.</summary>
    public string ToText() => JsonSerializer.Serialize(this, Json);

    public static FuzzInput Parse(string text) => JsonSerializer.Deserialize<FuzzInput>(text, Json)!;

    private static byte[] Frame(byte[] message)
    {
        byte[] frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    // The two halves of a stream of a browser find each other by a number.
    private static void AddStreamHeaders(List<(string, string)> headers, MethodDescriptor method, long chunk, FuzzRandom random)
    {
        bool opens = method.Name.StartsWith("Open", StringComparison.Ordinal);
        if (!opens && !method.Name.StartsWith("Next", StringComparison.Ordinal) || random.Once(10))
            return;
        string ticket = (300_000_000 + (chunk * 4 % 100_000_000) + random.Next(4)).ToString(CultureInfo.InvariantCulture);
        headers.Add(("x-deephaven-stream-ticket", random.Once(15) ? random.Pick("-1", "x", "99999999999", "", "3") : ticket));
        headers.Add(("x-deephaven-stream-sequence", random.Once(15) ? random.Pick("-1", "x", "2147483647", "") : opens ? "0" : random.Next(1, 4).ToString(CultureInfo.InvariantCulture)));
        if (random.Once(8))
            headers.Add(("x-deephaven-stream-halfclose", random.Pick("1", "")));
    }

    private static void AddOddHeaders(List<(string, string)> headers, FuzzRandom random)
    {
        for (int n = random.Next(1, 4); n > 0; n--)
        {
            headers.Add(random.Next(9) switch
            {
                0 => ("grpc-timeout", random.Pick("1m", "0n", "1n", "100m", "99999999H", "x", "-1S", "")),
                1 => ("grpc-encoding", random.Pick("gzip", "identity", "deflate", "x", "")),
                2 => ("content-type", random.Pick("application/grpc", "application/grpc+json", "application/grpc-web", "text/plain", "application/json", "x")),
                3 => ("authorization", random.Pick("Bearer x", "Bearer ", "Basic eDp5", "Basic %", "Anonymous", "x", "", "Bearer " + new string('a', 3_000))),
                4 => ("auth-token-bin", random.Pick("eHg", "%%%", "", "AAAA")),
                5 => ("cookie", random.Pick("deephaven-auth-cookie=x", "a=b; deephaven-auth-cookie=", "=;=;", "x")),
                6 => ("x-" + new string('n', random.Pick(1, 100, 3_000)), new string('v', random.Pick(0, 100, 9_000))),
                7 => ("traceparent", random.Pick("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "x", "")),
                _ => ("origin", random.Pick("null", "http://localhost", "x")),
            });
        }
    }
}
