using System.Buffers.Binary;
using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Google.FlatBuffers;
using Wharf.Gateway.Flight;
using Wharf.Tables;
using Wharf.Tables.Tests;

namespace Wharf.Gateway.Tests;

/// <summary>The headers of Arrow messages are verified before Arrow's reader allocates what they promise.</summary>
public sealed class IpcHeaders
{
    private const int SharedText = 1 << 20;

    public static TheoryData<string> Types => [.. UploadableTypes.All.Keys];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Headers_of_every_type_are_valid(string name)
    {
        foreach (var frame in await FramesAsync(UploadableTypes.All[name]))
            Assert.True(frame.Header.IsEmpty || IpcVerifier.IsValid(frame.Header), $"the header of a {IpcMessages.Read(frame.Header.Span).Kind} message");
    }

    [Theory]
    [InlineData((int)IpcMessages.Kind.Schema, 1)]
    [InlineData((int)IpcMessages.Kind.Schema, 2)]
    [InlineData((int)IpcMessages.Kind.RecordBatch, 1)]
    [InlineData((int)IpcMessages.Kind.RecordBatch, 2)]
    public async Task A_vector_that_is_longer_than_the_header_is_refused(int kind, int field)
    {
        byte[] header = (await FramesAsync(Int64Type.Default)).Select(static frame => frame.Header.ToArray()).First(bytes => bytes.Length > 0 && IpcMessages.Read(bytes).Kind == (IpcMessages.Kind)kind);
        Assert.True(IpcVerifier.IsValid(header));
        int at = IpcMessages.Find(header, IpcMessages.Header(header), field);
        Assert.NotEqual(0, at);

        // No more than the bytes of the header: a reader that trusts it only fails.
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(IpcMessages.Follow(header, at)), header.Length);

        Assert.False(IpcVerifier.IsValid(header));
    }

    [Fact]
    public async Task Any_damaged_header_is_verified_without_an_exception()
    {
        byte[][] headers = [.. (await FramesAsync(new ListType(StringType.Default))).Concat(await FramesAsync(Int64Type.Default)).Select(static frame => frame.Header.ToArray()).Where(static bytes => bytes.Length > 0)];
        Gen.Select(Gen.Int[0, headers.Length - 1], Gen.Int[0, 4096].Array[1, 8], Gen.Byte.Array[1, 8]).Sample((which, places, values) =>
        {
            byte[] header = [.. headers[which]];
            for (int n = 0; n < places.Length; n++)
                header[places[n] % header.Length] = values[n % values.Length];
            IpcVerifier.IsValid(header);
            IpcVerifier.IsValid(header.AsMemory(0, places[0] % header.Length));
        });
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(100, false)]
    public void Texts_that_many_tables_share_are_counted_for_each(int tables, bool isValid)
    {
        var builder = new FlatBufferBuilder(1024);
        int text = builder.CreateString(new string('x', SharedText)).Value;
        int[] pairs = new int[tables];
        for (int n = 0; n < tables; n++)
        {
            builder.StartTable(2);
            builder.AddOffset(0, text, 0);
            pairs[n] = builder.EndTable();
        }

        builder.StartVector(sizeof(int), tables, sizeof(int));
        foreach (int pair in pairs)
            builder.AddOffset(pair);
        int metadata = builder.EndVector().Value;
        builder.StartTable(4);
        builder.AddOffset(2, metadata, 0);
        int schema = builder.EndTable();
        builder.StartTable(5);
        builder.AddByte(1, (byte)IpcMessages.Kind.Schema, 0);
        builder.AddOffset(2, schema, 0);
        builder.Finish(builder.EndTable());

        Assert.Equal(isValid, IpcVerifier.IsValid(builder.SizedByteArray()));
    }

    private static async Task<IReadOnlyList<FlightFrame>> FramesAsync(IArrowType type)
    {
        var field = new Field("A", type, true, [new("unit", "metre")]);
        return await EncodedUploads.FramesAsync(new Schema([field], [new("source", "test")]), SampleArrays.Of(type, 3));
    }
}
