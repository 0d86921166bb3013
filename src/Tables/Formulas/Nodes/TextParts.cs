using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using Wharf.Tables.Columns;

namespace Wharf.Tables.Formulas.Nodes;

/// <summary>
/// A part of a concatenation that is written as bytes, without a string per row: first the lengths of a block of rows, then the bytes.
/// </summary>
internal abstract class TextPart
{
    /// <summary>Whether the part is known to be ASCII.</summary>
    public virtual bool IsPlain => true;

    /// <summary>Reads the rows of a block, and adds the number of bytes of each.</summary>
    public abstract void AddLengths(in Frame frame, Span<int> lengths);

    /// <summary>Writes the rows of the last call of <see cref="AddLengths"/>.</summary>
    /// <param name="places">The position of each row, which is advanced past the written bytes.</param>
    /// <param name="target">The bytes of all rows.</param>
    public abstract void Write(Span<int> places, Span<byte> target);

    /// <summary>Adds the parts of a node if all of them can be written as bytes.</summary>
    public static bool TryAdd(Node<string?> node, List<TextPart> parts)
    {
        TextPart? part = node switch
        {
            ConcatNode joined => null,
            ConstantNode<string?> { Value: var text } => new FixedPart(text ?? "null"),
            IntegerTextNode<int> { Operand: var number } => new IntegerPart<int>(number),
            IntegerTextNode<long> { Operand: var number } => new IntegerPart<long>(number),
            _ when StoredTexts.ColumnOf(node) is { } column => new StoredPart(column),
            _ => null,
        };
        if (part is not null)
            parts.Add(part);
        return part is not null || (node is ConcatNode inner && TryAdd(inner.Left, parts) && TryAdd(inner.Right, parts));
    }

    private sealed class FixedPart(string text) : TextPart
    {
        private readonly byte[] _bytes = TextEncoding.Utf8.GetBytes(text);

        public override bool IsPlain => _bytes.Length == text.Length;

        public override void AddLengths(in Frame frame, Span<int> lengths)
        {
            foreach (ref int length in lengths)
                length += _bytes.Length;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Write(Span<int> places, Span<byte> target)
        {
            if (_bytes.Length == 1)
            {
                byte only = _bytes[0];
                foreach (ref int place in places)
                    target[place++] = only;
                return;
            }

            foreach (ref int place in places)
            {
                _bytes.CopyTo(target[place..]);
                place += _bytes.Length;
            }
        }
    }

    private sealed class IntegerPart<T>(Node<T> operand) : TextPart
        where T : unmanaged, IBinaryInteger<T>
    {
        private T[] _values = [];

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void AddLengths(in Frame frame, Span<int> lengths)
        {
            if (_values.Length < frame.Count)
                _values = new T[frame.Count];
            Span<T> values = _values.AsSpan(0, lengths.Length);
            operand.Fill(frame, values);
            T nullValue = Null<T>.Value;
            for (int n = 0; n < lengths.Length; n++)
                lengths[n] += values[n] == nullValue ? 4 : Digits.Count(long.CreateTruncating(values[n]));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Write(Span<int> places, Span<byte> target)
        {
            ReadOnlySpan<T> values = _values.AsSpan(0, places.Length);
            T nullValue = Null<T>.Value;
            for (int n = 0; n < places.Length; n++)
            {
                ref int place = ref places[n];
                if (values[n] == nullValue)
                {
                    "null"u8.CopyTo(target[place..]);
                    place += 4;
                }
                else
                {
                    place += Digits.Write(long.CreateTruncating(values[n]), target[place..]);
                }
            }
        }
    }

    private sealed class StoredPart(Column column) : TextPart
    {
        private Frame _frame;

        public override bool IsPlain => false;

        public override void AddLengths(in Frame frame, Span<int> lengths)
        {
            _frame = frame;
            for (int done = 0; done < lengths.Length;)
            {
                var texts = StoredTexts.At(column, frame.Start + done, lengths.Length - done);
                for (int n = 0; n < texts.Count; n++)
                    lengths[done + n] += texts.Shown(n).Length;
                done += texts.Count;
            }
        }

        public override void Write(Span<int> places, Span<byte> target)
        {
            for (int done = 0; done < places.Length;)
            {
                var texts = StoredTexts.At(column, _frame.Start + done, places.Length - done);
                for (int n = 0; n < texts.Count; n++)
                {
                    ReadOnlySpan<byte> text = texts.Shown(n);
                    ref int place = ref places[done + n];
                    text.CopyTo(target[place..]);
                    place += text.Length;
                }

                done += texts.Count;
            }
        }
    }
}
