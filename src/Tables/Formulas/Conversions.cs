namespace Wharf.Tables;

/// <summary>Changes the type of a part of a formula.</summary>
internal static class Conversions
{
    /// <summary>Converts where Java converts by itself: to a wider number, from the bare null.</summary>
    /// <returns>The converted node, or null when the types do not allow it.</returns>
    public static Node? Widen(Node node, EngineType to)
    {
        if (node.Type == to)
            return node;
        if (node.Type.Kind == EngineKind.Null)
            return to.Dispatch(new NullOf(to));
        if (to.Kind == EngineKind.Object && node is Node<object?>)
            return node;
        if (!node.Type.IsNumeric || !to.IsNumeric || node.Type.Kind > to.Kind || to.Kind == EngineKind.Char)
            return null;
        return Number(node, to);
    }

    /// <summary>Converts where the formula asks for it.</summary>
    public static Node? Cast(Node node, EngineType to, int position)
    {
        if (node.Type.Kind == EngineKind.Null)
            return to.Dispatch(new NullOf(to));
        if (to.Kind == EngineKind.Boolean)
            return node is Node<sbyte> { Type.Kind: EngineKind.Boolean } truth ? new NotNullTruthNode(truth, position).Folded() : null;
        if (node.Type == to)
            return node;
        if (node.Type.Kind == EngineKind.Array && to.Kind == EngineKind.Array && node.Type.Component == to.Component)
            return node;
        return node.Type.IsNumeric && to.IsNumeric ? Number(node, to) : null;
    }

    private static Node Number(Node node, EngineType to) => node.Type.Dispatch(new FromNumber(node, to)).Folded();

    private readonly struct NullOf(EngineType type) : IClrDispatch<Node>
    {
        public Node Invoke<T>() => new ConstantNode<T>(type, Null<T>.Value);
    }

    private readonly struct FromNumber(Node node, EngineType to) : IClrDispatch<Node>
    {
        public Node Invoke<T>() => default(T) switch
        {
            sbyte => To((Node<sbyte>)node, to),
            short => To((Node<short>)node, to),
            char => To((Node<char>)node, to),
            int => To((Node<int>)node, to),
            long => To((Node<long>)node, to),
            float => To((Node<float>)node, to),
            _ => To((Node<double>)node, to),
        };

        private static Node To<T>(Node<T> node, EngineType to)
            where T : unmanaged => to.Kind switch
        {
            EngineKind.Byte => new ConversionNode<T, sbyte>(to, node),
            EngineKind.Short => new ConversionNode<T, short>(to, node),
            EngineKind.Char => new ConversionNode<T, char>(to, node),
            EngineKind.Int => new ConversionNode<T, int>(to, node),
            EngineKind.Long => new ConversionNode<T, long>(to, node),
            EngineKind.Float => new ConversionNode<T, float>(to, node),
            _ => new ConversionNode<T, double>(to, node),
        };
    }

    /// <summary>The text of every row's value, as joining it to a text shows it.</summary>
    public static Node<string?> ToText(Node node)
    {
        var call = new Call("text", -1, NullRule.Pass, CanFail: false, IsPure: true);
        Node text = node.Type.Kind switch
        {
            EngineKind.String => node,
            EngineKind.Boolean => Text<sbyte>(static value => value == 1 ? "true" : "false"),
            EngineKind.Instant => Text<long>(TimeText.Instant),
            EngineKind.LocalDate => Text<long>(TimeText.LocalDate),
            EngineKind.LocalTime => Text<long>(TimeText.LocalTime),
            EngineKind.Duration => Text<long>(TimeText.Duration),
            EngineKind.Byte => Text<sbyte>(static value => JavaText.Of((object)value)),
            EngineKind.Short => Text<short>(static value => JavaText.Of((object)value)),
            EngineKind.Char => Text<char>(static value => value.ToString()),
            EngineKind.Int => Text<int>(static value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            EngineKind.Long => Text<long>(static value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            EngineKind.Float => Text<float>(JavaText.Of),
            EngineKind.Double => Text<double>(JavaText.Of),
            _ => Text<object?>(JavaText.Of),
        };
        return (Node<string?>)text;

        Node Text<T>(Func<T, string> of) => new CallNode<T, string?>(
            EngineType.String, call, (Node<T>)node, value => EqualityComparer<T>.Default.Equals(value, Null<T>.Value) ? "null" : of(value)).Folded();
    }
}
