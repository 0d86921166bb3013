using Apache.Arrow;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>A column with the same value in every row. The value is stored once; arrays are created when they are read.</summary>
internal sealed class ConstantColumn<T>(EngineType type, T value, long length) : Column(type, ArrowMapping.ToArrow(type), length),
    IConstantColumn
{
    // Readers request recurring sizes, so the last array is kept and sliced. A race only creates it twice.
    private IArrowArray? _last;

    public T Value { get; } = value;

    public object Boxed { get; } = value is null ? NoValue.Instance : value;

    public override long ByteSize => Length == 0 ? 0 : ArraySize.Whole(Read(0, 1).Data) * Length;

    // Arrays exist only while they are read.
    public override long MemoryBytes => 64;

    public override IArrowArray Read(long start, int count)
    {
        if (count == 0)
            return EmptyArrays.Of(ArrowType);
        IArrowArray? last = _last;
        if (last is null || last.Length < count)
            _last = last = Repeat(count);
        return last.Length == count ? last : ArrowArrayFactory.Slice(last, 0, count);
    }

    public override long Run(long start) => Length - start;

    public override (IArrowArray Array, int Index) Locate(long row) => (Read(0, 1), 0);

    public Column WithLength(long length) => new ConstantColumn<T>(Type, Value, length);

    private IArrowArray Repeat(int count)
    {
        var sink = ColumnSink<T>.For(Type, count);
        Span<T> block = new T[Math.Min(count, Frame.BlockRows)];
        block.Fill(Value);
        for (int done = 0; done < count; done += block.Length)
            sink.Append(block[..Math.Min(block.Length, count - done)]);
        return sink.Finish().Read(0, count);
    }
}

/// <summary>A constant column of any type.</summary>
internal interface IConstantColumn
{
    /// <summary>The value; <see cref="NoValue.Instance"/> for null.</summary>
    object Boxed { get; }

    /// <summary>Returns a column of the same value with another number of rows.</summary>
    Column WithLength(long length);
}

/// <summary>Represents a null value where null would mean that there is no constant.</summary>
internal sealed class NoValue
{
    public static readonly NoValue Instance = new();
}
