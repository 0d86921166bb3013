using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Functions.Vectors;

/// <summary>Formats vectors as strings.</summary>
internal static class VectorText
{
    private const int Shown = 10;

    /// <summary>Returns the text of a vector or an array in a concatenation: its first ten elements.</summary>
    public static Node Join(Node vector) => vector.Type.Component!.Dispatch(new Joining((Node<object?>)vector));

    /// <summary>
    /// Converts a vector for a column. Elements that are neither numbers nor strings have no Arrow list type, so their texts are stored.
    /// </summary>
    public static Node ForColumn(Node node) =>
        node.Type is { IsVector: true, Component: { IsNumeric: false, Kind: not EngineKind.String } component }
            ? component.Dispatch(new Writing((Node<object?>)node))
            : node;

    private static readonly Call Text = new("text", -1, NullRule.Propagate, CanFail: false, IsPure: true);

    private readonly struct Joining(Node<object?> vector) : IClrDispatch<Node>
    {
        public Node Invoke<T>()
        {
            Func<object?, string> text = TextOf(vector.Type);
            return new CallNode<object?, string?>(
                EngineType.String, Text with { Nulls = NullRule.Pass }, vector, value => value is null ? "null" : text(value));
        }
    }

    /// <summary>Returns the function that formats a vector or array that is not null.</summary>
    /// <param name="type">The type of the vector.</param>
    public static Func<object?, string> TextOf(EngineType type) => type.Component!.Dispatch(new OfVector(type.Component!));

    private readonly struct OfVector(EngineType component) : IClrDispatch<Func<object?, string>>
    {
        public Func<object?, string> Invoke<T>()
        {
            Func<T, string> text = Conversions.TextOf<T>(component);
            return vector => Of((FormulaVector<T>)vector!, text);
        }

        private static string Of<T>(FormulaVector<T> elements, Func<T, string> text)
        {
            IEnumerable<string> shown = Enumerable.Range(0, (int)Math.Min(elements.Size, Shown))
                .Select(n => elements.GetOrNull(n) is var element && VectorCall.IsNull(element) ? " " : text(element));
            return $"[{string.Join(",", shown)}{(elements.Size > Shown ? ", ..." : "")}]";
        }
    }

    private readonly struct Writing(Node<object?> vector) : IClrDispatch<Node>
    {
        public Node Invoke<T>()
        {
            Func<T, string> text = Conversions.TextOf<T>(vector.Type.Component!);
            return new CallNode<object?, object?>(EngineType.String.VectorOf(), Text, vector, value =>
            {
                var elements = (FormulaVector<T>)value!;
                var texts = new string?[checked((int)elements.Size)];
                for (int n = 0; n < texts.Length; n++)
                    texts[n] = elements.GetOrNull(n) is var element && VectorCall.IsNull(element) ? null : text(element);
                return new ArrayVector<string?>(texts);
            }).Fold();
        }
    }
}
