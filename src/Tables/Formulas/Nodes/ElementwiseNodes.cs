using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Big;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Nodes;

/// <summary>Operators between arrays, or between an array and a single value, which are applied to each element.</summary>
internal static class Elementwise
{
    /// <summary>Binds the operator.</summary>
    /// <returns>The operation, or null if there is no array, or no such operator.</returns>
    public static Node? Bind(string symbol, Node left, Node right, int position)
    {
        bool isKnown = symbol is "+" or "-" or "*" or "/" or "%" or "==" or "<" or "<=" or ">" or ">=";
        if (!isKnown || !(left.Type.IsArray || right.Type.IsArray) || Operand.Of(left) is not { } a || Operand.Of(right) is not { } b)
            return null;
        if (symbol is "+" or "-" or "*" or "/" or "%" && !(a.Element.Type.IsNumeric && b.Element.Type.IsNumeric)
            && !BigOperators.Accepts(a.Element.Type, b.Element.Type))
            return null;
        Node element = OperatorBinder.Bind(symbol, a.Element, b.Element, position);
        EngineType type = element.Type.Kind == EngineKind.Boolean
            ? new(EngineKind.Array, "boolean[]", element.Type)
            : element.Type.ArrayOf();
        return element.Type.Dispatch(new ForElement(type, a, b, element, position)).Fold();
    }

    private readonly struct ForElement(EngineType type, Operand a, Operand b, Node element, int position) : IClrDispatch<Node>
    {
        public Node Invoke<T>() => new ElementwiseNode<T>(type, a, b, (Node<T>)element, position);
    }

    /// <summary>An operand, row by row.</summary>
    internal abstract class Operand(Node source, Node element)
    {
        public Node Source => source;

        /// <summary>Represents the operand in the operation on the elements of one row.</summary>
        public Node Element => element;

        /// <summary>Computes the rows of a frame.</summary>
        public abstract void Load(in Frame frame);

        /// <summary>Returns the number of elements of a row: null for a single value, which matches any number, and -1 for null.</summary>
        public abstract long? Size(int row);

        /// <summary>Makes a row the values of <see cref="Element"/>.</summary>
        public abstract void Take(int row, int count);

        public static Operand? Of(Node node) => node switch
        {
            { Type.Kind: EngineKind.Null } => null,
            Node<object?> { Type: { IsArray: true, Component: { } component } } array => component.Dispatch(new OfArray(array)),
            _ => node.Type.Dispatch(new OfValue(node)),
        };
    }

    private readonly struct OfArray(Node<object?> array) : IClrDispatch<Operand>
    {
        public Operand Invoke<T>() => new ArrayOperand<T>(array, new ElementNode<T>(array.Type.Component!));
    }

    private readonly struct OfValue(Node value) : IClrDispatch<Operand>
    {
        public Operand Invoke<T>() => new ValueOperand<T>((Node<T>)value, new ElementNode<T>(value.Type));
    }

    private sealed class ArrayOperand<T>(Node<object?> source, ElementNode<T> element) : Operand(source, element)
    {
        private object?[] _rows = [];

        public override void Load(in Frame frame) => _rows = source.Read(frame).ToArray();

        public override long? Size(int row) => _rows[row] is FormulaVector<T> vector ? vector.Size : -1;

        public override void Take(int row, int count)
        {
            var vector = (FormulaVector<T>)_rows[row]!;
            element.Values = new T[count];
            for (int n = 0; n < count; n++)
                element.Values[n] = vector.GetOrNull(n);
        }
    }

    private sealed class ValueOperand<T>(Node<T> source, ElementNode<T> element) : Operand(source, element)
    {
        private T[] _rows = [];

        public override void Load(in Frame frame) => _rows = source.Read(frame).ToArray();

        public override long? Size(int row) => null;

        public override void Take(int row, int count)
        {
            element.Values = new T[count];
            Array.Fill(element.Values, _rows[row]);
        }
    }

    /// <summary>The elements of one row.</summary>
    private sealed class ElementNode<T>(EngineType type) : Node<T>(type)
    {
        public T[] Values { get; set; } = [];

        public override void Fill(in Frame frame, Span<T> target) => Values.AsSpan((int)frame.Start, target.Length).CopyTo(target);
    }
}

/// <inheritdoc cref="Elementwise"/>
internal sealed class ElementwiseNode<T>(
    EngineType type, Elementwise.Operand left, Elementwise.Operand right, Node<T> element, int position)
    : Node<object?>(type, left.Source, right.Source)
{
    public override void Fill(in Frame frame, Span<object?> target)
    {
        left.Load(frame);
        right.Load(frame);
        for (int n = 0; n < target.Length; n++)
        {
            long? a = left.Size(n), b = right.Size(n);
            if (a == -1 || b == -1)
            {
                target[n] = null;
                continue;
            }

            if (a is not null && b is not null && a != b)
                throw new FormulaError($"the arrays have {a} and {b} elements", position);
            int count = checked((int)(a ?? b)!.Value);
            left.Take(n, count);
            right.Take(n, count);
            var elements = new T[count];
            for (int done = 0; done < count; done += Frame.BlockRows)
            {
                int block = Math.Min(Frame.BlockRows, count - done);
                element.Fill(new Frame(done, block), elements.AsSpan(done, block));
            }

            target[n] = new ArrayVector<T>(elements);
        }
    }
}
