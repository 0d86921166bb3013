using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;

namespace Wharf.Security.Fuzzing;

/// <summary>Changes of valid requests, in their messages and in the bytes of their frames.</summary>
internal static class Mutations
{
    private static readonly ulong[] Edges =
    [
        0, 1, 2, 127, 128, 255, 65_535, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, long.MaxValue, 1UL << 63, ulong.MaxValue, ulong.MaxValue - 1,
    ];

    /// <summary>Changes one or several messages.</summary>
    public static void ChangeMessages(List<WireMessage> messages, FuzzRandom random)
    {
        for (int n = random.Next(1, 4); n > 0; n--)
        {
            if (messages.Count > 0 && random.Once(10))
                messages.Insert(random.Next(messages.Count), messages[random.Next(messages.Count)]);
            if (messages.Count > 0)
                Change(messages[random.Next(messages.Count)], random);
        }
    }

    /// <summary>Changes the frames of a call: a frame has a flag for compression, a length, and a message.</summary>
    public static void ChangeFrames(List<byte[]> frames, FuzzRandom random)
    {
        if (frames.Count == 0)
            return;
        int at = random.Next(frames.Count);
        byte[] frame = [.. frames[at]];
        switch (random.Next(8))
        {
            case 0 or 1:
                for (int n = random.Next(1, 5); n > 0; n--)
                    frame[random.Next(frame.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                frame = frame[..random.Next(frame.Length)];
                break;
            case 3:
                frame[0] = (byte)random.Pick(1, 2, 0x80, 0xFF);
                break;
            case 4:
                int length = frame.Length - 5;
                BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), random.Pick(0, length - 1, length + 1, length + 1_000, int.MaxValue, -1, 200 << 20));
                break;
            case 5:
                frames.Insert(at, frame);
                break;
            case 6:
                frame = [.. frame, .. random.Bytes(random.Next(1, 20))];
                break;
            default:
                if (frame.Length > 5)
                    random.Bytes(frame.Length - 5).CopyTo(frame, 5);
                break;
        }

        frames[at] = frame;
    }

    private static void Change(WireMessage message, FuzzRandom random)
    {
        var all = message.WithNested().Where(static nested => nested.Fields.Count > 0).ToList();
        if (all.Count == 0)
        {
            message.Fields.Add(Unknown(random));
            return;
        }

        var parent = all[random.Next(all.Count)];
        int at = random.Next(parent.Fields.Count);
        var field = parent.Fields[at];
        switch (random.Next(10))
        {
            case 0:
                parent.Fields.RemoveAt(at);
                break;
            case 1:
                parent.Fields.Insert(random.Next(parent.Fields.Count), field);
                break;
            case 2:
                parent.Fields.AddRange(Enumerable.Repeat(field, random.Pick(3, 50, 300)));
                break;
            case 3:
                parent.Fields.Add(Unknown(random));
                break;
            case 4:
                parent.Fields[at] = new WireField(random.Next(1, 12), field.Type) { Value = field.Value, Bytes = field.Bytes, Nested = field.Nested };
                break;
            case 5 when field.Nested is { } nested:
                parent.Fields[at] = WireField.OfMessage(field.Number, Nest(nested, field.Number, random.Pick(5, 90, 150)));
                break;
            default:
                parent.Fields[at] = Replace(field, random);
                break;
        }
    }

    private static WireField Replace(WireField field, FuzzRandom random) => field switch
    {
        { Nested: not null } when random.Once(3) => WireField.OfMessage(field.Number, new WireMessage()),
        { Nested: not null } => WireField.OfBytes(field.Number, random.Bytes(random.Next(20))),
        { Type: WireFormat.WireType.LengthDelimited } => WireField.OfBytes(field.Number, random.Next(6) switch
        {
            0 => Encoding.UTF8.GetBytes(random.Pick(FuzzTexts.Odd)),
            1 => random.Bytes(random.Pick(1, 5, 50, 5_000)),
            2 => FuzzTickets.Source(random),
            3 => [.. field.Bytes, .. field.Bytes],
            4 => [.. field.Bytes, 0xC0, 0x80],
            _ => Flip(field.Bytes, random),
        }),
        _ => new WireField(field.Number, field.Type) { Value = random.Once(4) ? random.NextBits() : random.Pick<ulong>(Edges) },
    };

    private static byte[] Flip(byte[] bytes, FuzzRandom random)
    {
        byte[] flipped = [.. bytes];
        if (flipped.Length > 0)
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    // A message within itself, under its own number: deep where the type is recursive, unknown fields elsewhere.
    private static WireMessage Nest(WireMessage message, int number, int depth)
    {
        for (int n = 0; n < depth; n++)
        {
            var outer = new WireMessage();
            outer.Fields.Add(WireField.OfMessage(number, message));
            message = outer;
        }

        return message;
    }

    private static WireField Unknown(FuzzRandom random) => random.Next(3) switch
    {
        0 => WireField.OfVarint(random.Pick(1, 2, 3, 15, 16, 1_000, 536_870_911), random.NextBits()),
        1 => WireField.OfBytes(random.Pick(1, 2, 3, 15, 16, 1_000, 536_870_911), random.Bytes(random.Next(100))),
        _ => new WireField(random.Pick(1, 2, 3, 100), random.Pick(WireFormat.WireType.Fixed32, WireFormat.WireType.Fixed64, WireFormat.WireType.StartGroup, WireFormat.WireType.EndGroup)),
    };
}
