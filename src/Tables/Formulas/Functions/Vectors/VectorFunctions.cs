using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Functions.Vectors;

/// <summary>Functions and methods of arrays and whole columns. They ignore nulls.</summary>
internal static class VectorFunctions
{
    private const string OfObjects = "Obj";

    private static readonly Dictionary<string, VectorFunction> All =
        VectorElements.All.Concat(VectorNumbers.All).Concat(VectorPairs.All).Concat(VectorOrder.All).Concat(VectorLogic.All)
            .ToDictionary(static function => function.Name, StringComparer.Ordinal);

    /// <summary>The names that <see cref="TryBind"/> supports.</summary>
    public static IEnumerable<string> Names => All.Keys;

    /// <summary>Binds a call with a vector argument.</summary>
    /// <returns>The call, or null if there is no such vector function.</returns>
    public static Node? TryBind(string name, Node[] arguments, int position, CancellationToken cancellationToken)
    {
        if (Find(name) is not { } function || arguments.Length <= function.VectorAt || !IsVector(arguments[function.VectorAt]))
            return null;
        return Bind(name, function, arguments, position, cancellationToken);
    }

    /// <summary>Binds a call whose last arguments are the elements of a vector.</summary>
    /// <returns>The call, or null if there is no such function, or the elements have no common type.</returns>
    public static Node? TryBindElements(string name, Node[] arguments, int position, CancellationToken cancellationToken)
    {
        if (Find(name) is not { TakesElements: true } function || arguments.Length <= function.VectorAt || arguments.Any(IsVector))
            return null;
        Node[] elements = arguments[function.VectorAt..];
        if (Common(function.IsLeadingOne ? arguments : elements) is not { } type)
            return null;
        Node vector = type.Dispatch(new Packed(type, [.. elements.Select(element => Conversions.Widen(element, type)!)])).Fold();
        return Bind(name, function, [.. arguments[..function.VectorAt], vector], position, cancellationToken);
    }

    private static Node? Bind(string name, VectorFunction function, Node[] arguments, int position, CancellationToken cancellationToken)
    {
        // In Java, an array has no methods. A column of lists has them nevertheless.
        if (name[0] == '.' && name != ".length" && !arguments[0].Type.IsVector && arguments[0] is not IColumnNode)
            return null;
        bool ofObjects = name.EndsWith(OfObjects, StringComparison.Ordinal),
            isNumeric = arguments[function.VectorAt].Type.Component!.IsNumeric;
        if (ofObjects == isNumeric && !function.IsOfAnyType)
            return null;
        return function.Bind(new VectorCall(function.Name, arguments, function.VectorAt, position, cancellationToken));
    }

    private static VectorFunction? Find(string name)
    {
        if (All.TryGetValue(name, out VectorFunction? function))
            return function;
        return name.EndsWith(OfObjects, StringComparison.Ordinal) && All.TryGetValue(name[..^OfObjects.Length], out function)
            && !function.IsOfAnyType ? function : null;
    }

    private static bool IsVector(Node node) => node is Node<object?> { Type.IsArray: true };

    /// <summary>Returns the type to which all elements can be widened.</summary>
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

            // Mixed bytes, shorts and characters are widened to int.
            type = wider.Kind < EngineKind.Int ? EngineType.Int : wider;
        }

        return type.Kind == EngineKind.Null ? null : type;
    }

    private readonly struct Packed(EngineType type, Node[] elements) : IClrDispatch<Node>
    {
        public Node Invoke<T>() => new ArrayNode<T>(type.ArrayOf(), [.. elements.Cast<Node<T>>()]);
    }
}
