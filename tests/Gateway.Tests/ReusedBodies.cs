using System.Buffers;
using Apache.Arrow;
using Apache.Arrow.Types;
using Grpc.Core;
using Wharf.Gateway.Flight;
using Wharf.Tables;

namespace Wharf.Gateway.Tests;

/// <summary>The memory of the bodies of failed uploads is used for later ones; that of stored tables is not.</summary>
public sealed class ReusedBodies
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Body_of_a_broken_upload_is_used_for_the_next_upload_of_its_length()
    {
        var frames = await ReceivedAsync(rows: 20_008);
        await Assert.ThrowsAsync<OperationCanceledException>(() => ReadAsync(frames, breaks: true));
        var next = await ReceivedAsync(rows: 20_008);
        Assert.Same(ArrayOf(frames), ArrayOf(next));
        var table = await ReadAsync(next, breaks: false);
        Assert.Equal(20_008, table.RowCount);
        Assert.Equal(20_007, ((Int64Array)table.ReadBatches(cancellationToken: Token).Last().Column(0)).Values[^1]);
    }

    [Fact]
    public async Task Body_of_a_stored_table_is_not_used_again()
    {
        var frames = await ReceivedAsync(rows: 20_104);
        await ReadAsync(frames, breaks: false);
        Assert.NotSame(ArrayOf(frames), ArrayOf(await ReceivedAsync(rows: 20_104)));
    }

    [Fact]
    public async Task Body_of_another_length_is_not_used()
    {
        var frames = await ReceivedAsync(rows: 20_200);
        await Assert.ThrowsAsync<OperationCanceledException>(() => ReadAsync(frames, breaks: true));
        Assert.NotSame(ArrayOf(frames), ArrayOf(await ReceivedAsync(rows: 20_296)));
        GC.KeepAlive(frames);
    }

    [Fact]
    public void Array_is_rented_once_and_the_oldest_is_dropped_when_there_are_too_many()
    {
        var arrays = new BodyArrays();
        byte[][] returned = [.. Enumerable.Range(0, 65).Select(static n => new byte[1_000 + n])];
        foreach (byte[] array in returned)
            arrays.Return(array);
        Assert.NotSame(returned[0], arrays.Rent(1_000));
        Assert.Same(returned[64], arrays.Rent(1_064));
        Assert.NotSame(returned[64], arrays.Rent(1_064));
        Assert.Same(returned[1], arrays.Rent(1_001));
    }

    private static byte[] ArrayOf(IReadOnlyList<FlightFrame> frames) => frames.Select(static frame => frame.Array).Single(static array => array is not null)!;

    /// <summary>The frames of a table with one batch, as they are read from a connection.</summary>
    private static async Task<IReadOnlyList<FlightFrame>> ReceivedAsync(int rows)
    {
        IArrowArray numbers = new Int64Array.Builder().AppendRange(Enumerable.Range(0, rows).Select(static n => (long)n)).Build();
        return [.. (await EncodedUploads.FramesAsync(new Schema([new Field("N", Int64Type.Default, true)], null), numbers)).Select(Receive)];
    }

    private static FlightFrame Receive(FlightFrame sent)
    {
        var wire = new Wire();
        FlightFrameMarshaller.Instance.ContextualSerializer(sent, wire);
        return FlightFrameMarshaller.Instance.ContextualDeserializer(new Received(wire.Bytes));
    }

    private static Task<ArrowTable> ReadAsync(IReadOnlyList<FlightFrame> frames, bool breaks) =>
        TableUploads.ReadAsync(new Frames(frames, breaks), frames[0], acknowledge: null, int.MaxValue, memory: null, Token);

    private sealed class Frames(IReadOnlyList<FlightFrame> frames, bool breaks) : IAsyncStreamReader<FlightFrame>
    {
        private int _at;

        public FlightFrame Current => frames[_at];

        public Task<bool> MoveNext(CancellationToken cancellationToken) =>
            ++_at < frames.Count ? Task.FromResult(true) : breaks ? Task.FromException<bool>(new OperationCanceledException()) : Task.FromResult(false);
    }

    private sealed class Wire : SerializationContext
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();

        public byte[] Bytes => _bytes.WrittenSpan.ToArray();

        public override IBufferWriter<byte> GetBufferWriter() => _bytes;

        public override void SetPayloadLength(int payloadLength)
        {
        }

        public override void Complete()
        {
        }
    }

    private sealed class Received(byte[] bytes) : DeserializationContext
    {
        public override int PayloadLength => bytes.Length;

        public override byte[] PayloadAsNewBuffer() => bytes;

        public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(bytes);
    }
}
