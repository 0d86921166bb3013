using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Big;
using Wharf.Tables.Formulas.Functions.Vectors;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas;

/// <summary>Converts between the types of subexpressions.</summary>
internal static class Conversions
{
    /// <summary>Applies Java's implicit conversions: to a wider number, and from the null literal.</summary>
    /// <returns>The converted node, or null if there is no conversion.</returns>
    public static Node? Widen(Node node, EngineType to)
    {
        if (node.Type == to)
            return node;
        if (node.Type.Kind == EngineKind.Null)
            return to.Dispatch(new NullOf(to));
        if (to.Kind == EngineKind.Object && node.Type.IsReference)
            return node as Node<object?> ?? node.Type.Dispatch(new Boxed(node));
        if (!node.Type.IsNumeric || !to.IsNumeric || node.Type.Kind > to.Kind || to.Kind == EngineKind.Char)
            return null;
        return Number(node, to);
    }

    /// <summary>Converts a branch of <c>?:</c>.</summary>
    public static Node WidenBranch(Node node, EngineType to) =>
        node.Type != to && node.Type.IsNumeric && to.IsNumeric
            ? node.Type.Dispatch(new FromNumber(node, to, isBranch: true)).Fold()
            : Widen(node, to)!;

    /// <summary>Applies a cast.</summary>
    public static Node? Cast(Node node, EngineType to, int position)
    {
        if (to.Kind == EngineKind.Boolean)
            return node is Node<sbyte> { Type.Kind: EngineKind.Boolean } truth ? new NotNullBooleanNode(truth, position).Fold() : null;
        if (node.Type.Kind == EngineKind.Null)
            return to.Dispatch(new NullOf(to));
        if (node.Type == to)
            return node;
        if (node.Type.Kind == EngineKind.Array && to.Kind == EngineKind.Array && node.Type.Component == to.Component)
            return node;
        if (node.Type.IsBig)
            return BigConversions.From(node, to);
        return node.Type.IsNumeric && to.IsNumeric ? Number(node, to) : null;
    }

    private static Node Number(Node node, EngineType to) => node.Type.Dispatch(new FromNumber(node, to)).Fold();

    private readonly struct NullOf(EngineType type) : IClrDispatch<Node>
    {
        public Node Invoke<T>() => new ConstantNode<T>(type, Null<T>.Value);
    }

    private readonly struct Boxed(Node node) : IClrDispatch<Node>
    {
        public Node Invoke<T>() => new CallNode<T, object?>(
            EngineType.Object, new Call("(Object)", -1, NullRule.Propagate, CanFail: false, IsPure: true), (Node<T>)node,
            static value => value).Fold();
    }

    private readonly struct FromNumber(Node node, EngineType to, bool isBranch = false) : IClrDispatch<Node>
    {
        public Node Invoke<T>() => default(T) switch
        {
            sbyte => To((Node<sbyte>)node, to, isBranch),
            short => To((Node<short>)node, to, isBranch),
            char => To((Node<char>)node, to, isBranch),
            int => To((Node<int>)node, to, isBranch),
            long => To((Node<long>)node, to, isBranch),
            float => To((Node<float>)node, to, isBranch),
            _ => To((Node<double>)node, to, isBranch),
        };

        private static Node To<T>(Node<T> node, EngineType to, bool isBranch)
            where T : unmanaged => to.Kind switch
        {
            EngineKind.Byte => To<T, sbyte>(node, to, isBranch),
            EngineKind.Short => To<T, short>(node, to, isBranch),
            EngineKind.Char => To<T, char>(node, to, isBranch),
            EngineKind.Int => To<T, int>(node, to, isBranch),
            EngineKind.Long => To<T, long>(node, to, isBranch),
            EngineKind.Float => To<T, float>(node, to, isBranch),
            _ => To<T, double>(node, to, isBranch),
        };

        private static Node To<T, TTo>(Node<T> node, EngineType to, bool isBranch)
            where T : unmanaged
            where TTo : unmanaged => isBranch ? new BranchConversionNode<T, TTo>(to, node) : new ConversionNode<T, TTo>(to, node);
    }

    /// <summary>Converts values to strings, as in a string concatenation.</summary>
    public static Node<string?> ToText(Node node)
    {
        if (node.Type.IsArray)
            return (Node<string?>)VectorText.Join(node).Fold();
        return node.Type.Kind switch
        {
            EngineKind.String => (Node<string?>)node,
            EngineKind.Int => (Node<string?>)new IntegerTextNode<int>((Node<int>)node).Fold(),
            EngineKind.Long => (Node<string?>)new IntegerTextNode<long>((Node<long>)node).Fold(),
            _ => (Node<string?>)node.Type.Dispatch(new ToTextOf(node)).Fold(),
        };
    }

    private readonly struct ToTextOf(Node node) : IClrDispatch<Node>
    {
        public Node Invoke<T>()
        {
            Func<T, string> text = TextOf<T>(node.Type);
            var call = new Call("text", -1, NullRule.Pass, CanFail: false, IsPure: true);
            return new CallNode<T, string?>(
                EngineType.String, call, (Node<T>)node,
                value => EqualityComparer<T>.Default.Equals(value, Null<T>.Value) ? "null" : text(value));
        }
    }

    /// <summary>Returns the conversion of a value that is not null to a string.</summary>
    public static Func<T, string> TextOf<T>(EngineType type) => (Func<T, string>)(object)(type.Kind switch
    {
        EngineKind.String => (Func<string, string>)(static text => text),
        EngineKind.Boolean => (Func<sbyte, string>)(static value => value == 1 ? "true" : "false"),
        EngineKind.Instant => (Func<long, string>)IsoTime.Instant,
        EngineKind.LocalDate => (Func<long, string>)IsoTime.LocalDate,
        EngineKind.LocalTime => (Func<long, string>)IsoTime.LocalTime,
        EngineKind.Duration => (Func<long, string>)IsoTime.Duration,
        EngineKind.Byte => (Func<sbyte, string>)(static value => JavaText.Of((object)value)),
        EngineKind.Short => (Func<short, string>)(static value => JavaText.Of((object)value)),
        EngineKind.Char => (Func<char, string>)(static value => value.ToString()),
        EngineKind.Int => (Func<int, string>)(static value => JavaText.Of((object)value)),
        EngineKind.Long => (Func<long, string>)(static value => JavaText.Of((object)value)),
        EngineKind.Float => (Func<float, string>)JavaText.Of,
        EngineKind.Double => (Func<double, string>)JavaText.Of,
        _ when type.IsArray => VectorText.TextOf(type),
        _ => (Func<object?, string>)JavaText.Of,
    });
}
