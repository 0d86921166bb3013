using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Columns;
using Wharf.Tables.Schemas;
using Column = Wharf.Tables.Columns.Column;

namespace Wharf.Tables.Formulas.Nodes;

/// <summary><c>length()</c>: the difference of offsets if the strings of a column are ASCII.</summary>
internal sealed class TextLengthNode : FunctionNode<int>
{
    private readonly Node<string?> _operand;

    public TextLengthNode(Call call, Node<string?> operand)
        : base(EngineType.Int, call, operand)
    {
        _operand = operand;

        // Reading the column takes no longer than adding numbers.
        if (operand is IColumnNode)
            BlockRows = Frame.BlockRows;
    }

    protected override void Compute(in Frame frame, Span<int> target)
    {
        if (frame.Rows is null && StoredTexts.ColumnOf(_operand) is { } column && OfStored(column, frame.Start, target))
            return;
        ReadOnlySpan<string?> texts = _operand.Read(frame)[..target.Length];
        for (int n = 0; n < target.Length; n++)
            target[n] = texts[n]?.Length ?? OfNull(Null<int>.Value);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool OfStored(Column column, long start, Span<int> target)
    {
        for (int done = 0; done < target.Length;)
        {
            var texts = StoredTexts.At(column, start + done, target.Length - done);
            if (!texts.IsPlain)
                return false;
            Span<int> here = target.Slice(done, texts.Count);
            ReadOnlySpan<int> from = texts.Offsets[..here.Length], to = texts.Offsets.Slice(1, here.Length);
            TensorPrimitives.Subtract(to, from, here);
            done += here.Length;
        }

        return true;
    }
}

/// <summary><c>toUpperCase()</c> and <c>toLowerCase()</c>: if the strings of a column are ASCII, all bytes are converted at once.</summary>
internal sealed class TextCaseNode(Call call, Node<string?> operand, bool toUpper) : FunctionNode<string?>(EngineType.String, call, operand)
{
    // The maximum number of strings of an array, and of bytes between two checks for cancellation.
    private const int MostTexts = 1 << 20, MostBytes = 1 << 18;

    protected override void Compute(in Frame frame, Span<string?> target)
    {
        ReadOnlySpan<string?> texts = operand.Read(frame)[..target.Length];
        for (int n = 0; n < target.Length; n++)
            target[n] = texts[n] is { } text ? toUpper ? JavaCase.ToUpper(text) : JavaCase.ToLower(text) : OfNull(null);
    }

    public override Column ToColumn(long start, long count, CancellationToken cancellationToken)
    {
        if (StoredTexts.ColumnOf(operand) is not { } column)
            return base.ToColumn(start, count, cancellationToken);
        var chunks = new List<ColumnChunk>();
        try
        {
            for (long done = 0; done < count;)
            {
                var texts = StoredTexts.At(column, start + done, Math.Min(count - done, MostTexts));
                if (!texts.IsPlain)
                {
                    Discard(chunks);
                    return base.ToColumn(start, count, cancellationToken);
                }

                chunks.Add(Convert(texts, cancellationToken));
                done += texts.Count;
            }
        }
        catch (OperationCanceledException)
        {
            Discard(chunks);
            throw;
        }

        return new ChunkedColumn(Type, StringType.Default, chunks);
    }

    private static void Discard(List<ColumnChunk> chunks)
    {
        foreach (ColumnChunk chunk in chunks)
            chunk.ReturnMemory();
        chunks.Clear();
    }

    private ColumnChunk Convert(StoredTexts texts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        (int size, int count) = (texts.Bytes.Length, texts.Offsets.Length);
        ColumnBlock bytes = ColumnMemory.Shared.Rent(size), offsets = ColumnMemory.Shared.Rent(count * sizeof(int));
        try
        {
            for (int done = 0; done < size; done += MostBytes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ReadOnlySpan<byte> some = texts.Bytes.Slice(done, Math.Min(MostBytes, size - done));
                _ = toUpper ? Ascii.ToUpper(some, bytes.Span[done..], out _) : Ascii.ToLower(some, bytes.Span[done..], out _);
            }

            Span<int> places = MemoryMarshal.Cast<byte, int>(offsets.Span);
            for (int done = 0; done < count; done += MostBytes / sizeof(int))
            {
                cancellationToken.ThrowIfCancellationRequested();
                TensorPrimitives.Subtract(
                    texts.Offsets.Slice(done, Math.Min(MostBytes / sizeof(int), count - done)), texts.Offsets[0], places[done..]);
            }
        }
        catch (OperationCanceledException)
        {
            bytes.Return();
            offsets.Return();
            throw;
        }

        IArrowArray array = ArrowArrayFactory.BuildArray(
            new ArrayData(
                StringType.Default, texts.Count, 0, 0, [ArrowBuffer.Empty, offsets.ToBuffer(count * sizeof(int)), bytes.ToBuffer(size)]));
        return new ColumnChunk(array, [offsets, bytes], IsPlain: true);
    }
}
