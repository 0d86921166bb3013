using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Grpc.Core;
using Wharf.Gateway.Flight;
using Wharf.Grains;
using Wharf.Tables;
using Wharf.Tables.Tests;

namespace Wharf.Gateway.Tests;

/// <summary>Uploads of compressed, encoded and unsupported columns, and transfers of every type between nodes.</summary>
public sealed class EncodedUploads
{
    private const int AnyBytes = int.MaxValue;

    public static TheoryData<string> Types => [.. UploadableTypes.All.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_table_of_any_type_is_uploaded_and_read_on_another_node(string name)
    {
        IArrowType type = UploadableTypes.All[name];
        var field = new Field("A", type, true);
        var uploaded = await UploadAsync(await FramesAsync(new Schema([field], null), SampleArrays.Of(type, 5)), AnyBytes);
        var fetched = uploaded;
        for (int node = 0; node < 2; node++)
            fetched = await UploadAsync(await TableFrames.ReadAsync(fetched, Token).ToListAsync(Token), AnyBytes);
        Assert.Equal(Texts(uploaded), Texts(fetched));
        Assert.Equal(5, fetched.RowCount);
        Assert.Equal(uploaded.Schema.FieldsList[0].DataType.TypeId, fetched.Schema.FieldsList[0].DataType.TypeId);
    }

    [Theory]
    [InlineData(CompressionCodecType.Lz4Frame)]
    [InlineData(CompressionCodecType.Zstd)]
    public async Task Compressed_batches_are_read(CompressionCodecType codec)
    {
        IArrowArray numbers = new Int64Array.Builder().AppendRange(Enumerable.Range(0, 100_000).Select(static n => (long)n / 100)).Build();
        IArrowArray words = SampleArrays.Of(new DictionaryType(Int8Type.Default, StringType.Default, false), 100_000);
        var schema = new Schema([new Field("N", Int64Type.Default, true), new Field("W", words.Data.DataType, true)], null);
        var frames = await FramesAsync(schema, codec, numbers, words);
        Assert.True(frames.Sum(static frame => frame.BodyLength) < 100_000, "the frames are not compressed");

        var table = await UploadAsync(frames, AnyBytes);
        var plain = await UploadAsync(await FramesAsync(schema, numbers, words), AnyBytes);
        Assert.Equal(Sums(plain), Sums(table));
    }

    [Fact]
    public async Task A_batch_that_is_too_large_when_decompressed_is_refused()
    {
        const int Bytes = 100_000 * sizeof(long);
        IArrowArray numbers = new Int64Array.Builder().AppendRange(Enumerable.Repeat(7L, 100_000)).Build();
        var frames = await FramesAsync(new Schema([new Field("N", Int64Type.Default, true)], null), CompressionCodecType.Zstd, numbers);
        Assert.Equal(100_000, (await UploadAsync(frames, Bytes)).RowCount);
        var refused = await Assert.ThrowsAsync<FaultException>(() => UploadAsync(frames, Bytes / 2));
        Assert.Equal(FaultCode.ResourceExhausted, refused.Fault.Code);
    }

    [Fact]
    public async Task A_fixed_size_binary_without_bytes_is_refused_by_its_column()
    {
        const int Width = 0x4321;
        var type = new FixedSizeBinaryType(Width);
        var frames = await FramesAsync(new Schema([new Field("Empty", type, true)], null), SampleArrays.Of(type, 1));
        byte[] header = frames[0].Header.ToArray();
        int at = header.AsSpan().IndexOf(BitConverter.GetBytes(Width));
        header.AsSpan(at, sizeof(int)).Clear();
        var refused = await RefusedAsync([new FlightFrame { Header = header, Body = [] }]);
        Assert.Equal("The upload cannot be read: column Empty: a fixed-size binary of 0 bytes is not supported; send it as binary", refused.Message);
    }

    [Fact]
    public async Task A_type_that_the_engine_does_not_have_is_refused_by_its_column()
    {
        var type = new StructType([new Field("inner", Int32Type.Default, true)]);
        var refused = await RefusedAsync(await FramesAsync(new Schema([new Field("Pair", type, true)], null), SampleArrays.Of(type, 2)));
        Assert.Equal("The upload cannot be read: column Pair: Arrow type struct is not supported", refused.Message);
    }

    [Fact]
    public async Task A_dictionary_index_beyond_its_dictionary_is_refused()
    {
        var type = new DictionaryType(Int8Type.Default, StringType.Default, false);
        var column = new DictionaryArray(type, new Int8Array.Builder().Append(0).Append(2).Build(), new StringArray.Builder().Append("a").Append("b").Build());
        var refused = await RefusedAsync(await FramesAsync(new Schema([new Field("W", type, true)], null), column));
        Assert.Equal("The upload cannot be read: a column has the dictionary index 2, its dictionary has 2 values", refused.Message);
    }

    private static async Task<FaultException> RefusedAsync(IReadOnlyList<FlightFrame> frames)
    {
        var refused = await Assert.ThrowsAsync<FaultException>(() => UploadAsync(frames, AnyBytes));
        Assert.Equal(FaultCode.InvalidArgument, refused.Fault.Code);
        return refused;
    }

    internal static Task<IReadOnlyList<FlightFrame>> FramesAsync(Schema schema, params IArrowArray[] columns) => FramesAsync(schema, codec: null, columns);

    private static async Task<IReadOnlyList<FlightFrame>> FramesAsync(Schema schema, CompressionCodecType? codec, params IArrowArray[] columns)
    {
        var recorder = new FrameRecorder();
        var options = new IpcOptions { CompressionCodec = codec, CompressionCodecFactory = new CompressionCodecFactory() };
        var writer = new ArrowStreamWriter(recorder, schema, leaveOpen: true, options, new LastingMemory());
        await writer.WriteStartAsync(Token);
        await writer.WriteRecordBatchAsync(new RecordBatch(schema, columns, columns[0].Length), Token);
        return recorder.Take();
    }

    private static async Task<ArrowTable> UploadAsync(IReadOnlyList<FlightFrame> frames, int maxBatchBytes)
    {
        using var rest = frames.Skip(1).GetEnumerator();
        return await TableUploads.ReadAsync(new Frames(rest), frames[0], acknowledge: null, maxBatchBytes, memory: null, Token);
    }

    private static string[] Texts(ArrowTable table) => Column(table, "`` + A");

    private static string[] Sums(ArrowTable table) => Column(table, "N + W");

    private static string[] Column(ArrowTable table, string formula) =>
        [.. new TableEngine(TimeProvider.System).Run(new SelectOrUpdate(SelectKind.View, ["X = " + formula]), [table], Token)
            .ReadBatches(cancellationToken: Token)
            .SelectMany(static batch => Enumerable.Range(0, batch.Length).Select(row => ((StringArray)batch.Column(0)).GetString(row)))];

    /// <summary>Returns frames as gRPC delivers them.</summary>
    private sealed class Frames(IEnumerator<FlightFrame> frames) : IAsyncStreamReader<FlightFrame>
    {
        public FlightFrame Current => frames.Current;

        public Task<bool> MoveNext(CancellationToken cancellationToken) => Task.FromResult(frames.MoveNext());
    }
}
