namespace Wharf.Tables;

/// <summary>Functions and methods of arrays and whole columns. Nulls in them are passed over.</summary>
internal static class VectorFunctions
{
    private const string OfObjects = "Obj";

    private static readonly Dictionary<string, VectorFunction> All =
        VectorElements.All.Concat(VectorNumbers.All).Concat(VectorPairs.All).Concat(VectorOrder.All).Concat(VectorLogic.All).ToDictionary(static function => function.Name, StringComparer.Ordinal);

    /// <summary>What <see cref="TryBind"/> knows.</summary>
    public static IEnumerable<string> Names => All.Keys;

    /// <summary>Binds a call whose arguments are a vector, or the elements of one.</summary>
    /// <returns>The call, or null when there is no such function of vectors.</returns>
    public static Node? TryBind(string name, Node[] arguments, int position, CancellationToken cancellationToken)
    {
        if (Find(name) is not { } function || arguments.Length <= function.VectorAt || !IsVector(arguments[function.VectorAt]))
            return null;
        return Bind(name, function, arguments, position, cancellationToken);
    }

    /// <summary>Binds a call whose last arguments are the elements of a vector.</summary>
    /// <returns>The call, or null when there is no such function, or the elements have no type in common.</returns>
    public static Node? TryBindElements(string name, Node[] arguments, int position, CancellationToken cancellationToken)
    {
        if (Find(name) is not { TakesElements: true } function || arguments.Length <= function.VectorAt || arguments.Any(IsVector))
            return null;
        Node[] elements = arguments[function.VectorAt..];
        if (Common(function.IsLeadingOne ? arguments : elements) is not { } type)
            return null;
        Node vector = type.Dispatch(new Packed(type, [.. elements.Select(element => Conversions.Widen(element, type)!)])).Folded();
        return Bind(name, function, [.. arguments[..function.VectorAt], vector], position, cancellationToken);
    }

    private static Node? Bind(string name, VectorFunction function, Node[] arguments, int position, CancellationToken cancellationToken)
    {
        // An array that a formula has made has no methods in Java; a column of lists has them all the same.
        if (name[0] == '.' && name != ".length" && !arguments[0].Type.IsVector && arguments[0] is not IColumnNode)
            return null;
        bool ofObjects = name.EndsWith(OfObjects, StringComparison.Ordinal), isNumeric = arguments[function.VectorAt].Type.Component!.IsNumeric;
        if (ofObjects == isNumeric && !function.IsOfAnyType)
            return null;
        return function.Bind(new VectorCall(function.Name, arguments, function.VectorAt, position, cancellationToken));
    }

    private static VectorFunction? Find(string name)
    {
        if (All.TryGetValue(name, out VectorFunction? function))
            return function;
        return name.EndsWith(OfObjects, StringComparison.Ordinal) && All.TryGetValue(name[..^OfObjects.Length], out function) && !function.IsOfAnyType ? function : null;
    }

    private static bool IsVector(Node node) => node is Node<object?> { Type.IsArray: true };

    /// <summary>The type that all of them can be widened to.</summary>
    private static EngineType? Common(Node[] elements)
    {
        EngineType type = elements[0].Type;
        foreach (Node element in elements)
        {
            if (element.Type == type)
                continue;
            if (!element.Type.IsNumeric || !type.IsNumeric)
                return null;
            EngineType wider = element.Type.Kind > type.Kind ? element.Type : type;

            // Bytes, shorts and characters are not widened to each other; they meet as ints.
            type = wider.Kind < EngineKind.Int ? EngineType.Int : wider;
        }

        return type.Kind == EngineKind.Null ? null : type;
    }

    private readonly struct Packed(EngineType type, Node[] elements) : IClrDispatch<Node>
    {
        public Node Invoke<T>() => new ArrayNode<T>(type.ArrayOf(), [.. elements.Cast<Node<T>>()]);
    }
}
