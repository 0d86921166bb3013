using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Wharf.Tables;

/// <summary>A part of joined texts that can be written as bytes, without a string for each row.</summary>
internal abstract class TextPart
{
    /// <summary>Reads what the rows of a block need.</summary>
    public abstract void Begin(in Frame frame);

    /// <summary>How many bytes a row takes at the most.</summary>
    public abstract int Most(int row);

    /// <summary>Writes a row.</summary>
    /// <returns>How many bytes it took.</returns>
    public abstract int Write(int row, Span<byte> target);

    /// <summary>The parts of a text, if all of them can be written so.</summary>
    public static bool TryAdd(Node<string?> node, List<TextPart> parts)
    {
        TextPart? part = node switch
        {
            ConcatNode joined => null,
            ConstantNode<string?> { Value: var text } => new FixedPart(text ?? "null"),
            WholeTextNode<int> { Operand: var number } => new WholePart<int>(number),
            WholeTextNode<long> { Operand: var number } => new WholePart<long>(number),
            _ when StoredTexts.ColumnOf(node) is { } column => new StoredPart(column),
            _ => null,
        };
        if (part is not null)
            parts.Add(part);
        return part is not null || (node is ConcatNode inner && TryAdd(inner.Left, parts) && TryAdd(inner.Right, parts));
    }

    private sealed class FixedPart(string text) : TextPart
    {
        private readonly byte[] _bytes = Encoding.UTF8.GetBytes(text);

        public override void Begin(in Frame frame)
        {
        }

        public override int Most(int row) => _bytes.Length;

        public override int Write(int row, Span<byte> target)
        {
            _bytes.CopyTo(target);
            return _bytes.Length;
        }
    }

    private sealed class WholePart<T>(Node<T> operand) : TextPart
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        private const int Longest = 20;

        private T[] _values = [];

        public override void Begin(in Frame frame)
        {
            if (_values.Length < frame.Count)
                _values = new T[frame.Count];
            operand.Fill(frame, _values.AsSpan(0, frame.Count));
        }

        public override int Most(int row) => Longest;

        public override int Write(int row, Span<byte> target)
        {
            if (_values[row] == Null<T>.Value)
            {
                "null"u8.CopyTo(target);
                return 4;
            }

            _values[row].TryFormat(target, out int written, default, CultureInfo.InvariantCulture);
            return written;
        }
    }

    private sealed class StoredPart(Column column) : TextPart
    {
        private Frame _frame;

        public override void Begin(in Frame frame) => _frame = frame;

        public override int Most(int row) => Math.Max(4, At(row).Bytes.Length);

        public override int Write(int row, Span<byte> target)
        {
            StoredTexts text = At(row);
            ReadOnlySpan<byte> bytes = IsNull(row) ? "null"u8 : text.Bytes;
            bytes.CopyTo(target);
            return bytes.Length;
        }

        private StoredTexts At(int row) => StoredTexts.At(column, _frame.Start + row, 1);

        private bool IsNull(int row)
        {
            (Apache.Arrow.IArrowArray chunk, int index) = column.Locate(_frame.Start + row);
            return chunk.NullCount != 0 && chunk.IsNull(index);
        }
    }
}

/// <summary>Collects texts that are written as bytes.</summary>
internal sealed class JoinedTextSink() : VariableWidthSink<string?>(EngineType.String)
{
    /// <summary>Writes the parts of some rows one behind the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(List<TextPart> parts, in Frame frame)
    {
        foreach (TextPart part in parts)
            part.Begin(frame);
        for (int row = 0; row < frame.Count; row++)
        {
            long most = 0;
            foreach (TextPart part in parts)
                most += part.Most(row);
            TextBudget.CheckLength(most);
            Span<byte> room = Room((int)most);
            int written = 0;
            foreach (TextPart part in parts)
                written += part.Write(row, room[written..]);
            EndValue(written, isNull: false);
        }
    }
}

/// <summary>A whole number as a text; null is the word.</summary>
internal sealed class WholeTextNode<T>(Node<T> operand) : Node<string?>(EngineType.String, operand)
    where T : unmanaged, System.Numerics.IBinaryInteger<T>
{
    /// <summary>The number.</summary>
    public Node<T> Operand => operand;

    public override void Fill(in Frame frame, Span<string?> target)
    {
        ReadOnlySpan<T> values = operand.Read(frame)[..target.Length];
        for (int n = 0; n < target.Length; n++)
            target[n] = values[n] == Null<T>.Value ? "null" : values[n].ToString(null, CultureInfo.InvariantCulture);
    }
}
