using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Functions.Vectors;

/// <summary>Functions of Boolean vectors, and selections by them.</summary>
internal static class VectorLogic
{
    public static IEnumerable<VectorFunction> All =>
    [
        .. new[] { "and", "or", "not" }.Select(static name => new VectorFunction(name, Bind) { TakesElements = true, IsOfAnyType = true }),
        new VectorFunction("ifelse", Choose) { IsOfAnyType = true }, new VectorFunction("ifelseObj", Choose) { IsOfAnyType = true },
    ];

    private static Node? Bind(VectorCall call)
    {
        if (call.Component.Kind != EngineKind.Boolean)
            return null;
        EngineType truth = EngineType.Boolean;
        VectorCall of = call;
        Node<sbyte>? inPlaceOfNull = call.Argument<sbyte>(1, truth);
        return (call.Name, call.Arguments.Length) switch
        {
            ("not", 1) => call.Of<sbyte, object?>(
                truth.ArrayOf(), v => new ArrayVector<sbyte>(
                    Array.ConvertAll(of.Elements(v), static x => x == Null<sbyte>.Value ? x : (sbyte)(1 - x)))),
            ("and", 1) => call.Of<sbyte, sbyte>(truth, v => Reduce(v, 0, Null<sbyte>.Value, of)),
            ("or", 1) => call.Of<sbyte, sbyte>(truth, v => Reduce(v, 1, Null<sbyte>.Value, of)),
            ("and", 2) when inPlaceOfNull is not null =>
                call.Of<sbyte, sbyte, sbyte>(truth, inPlaceOfNull, (v, other) => Reduce(v, 0, other, of), NullRule.Pass),
            ("or", 2) when inPlaceOfNull is not null =>
                call.Of<sbyte, sbyte, sbyte>(truth, inPlaceOfNull, (v, other) => Reduce(v, 1, other, of), NullRule.Pass),
            _ => null,
        };
    }

    /// <summary>Returns the decisive value if an element has it, and otherwise its opposite. A null before that is an error.</summary>
    private static sbyte Reduce(FormulaVector<sbyte> vector, sbyte decisive, sbyte inPlaceOfNull, VectorCall call)
    {
        for (long n = 0; n < vector.Size; n++)
        {
            call.ThrowIfCancelled(n);
            sbyte value = vector.GetOrNull(n);
            if (value == Null<sbyte>.Value)
                value = inPlaceOfNull;
            if (value == Null<sbyte>.Value)
                throw new FormulaError("an element is null");
            if (value == decisive)
                return decisive;
        }

        return (sbyte)(1 - decisive);
    }

    private static Node? Choose(VectorCall call)
    {
        if (call.Component.Kind != EngineKind.Boolean || call.Arguments.Length != 3)
            return null;
        EngineType type = call.OtherVector(1) is { } vector ? vector.Type.Component! : call.Arguments[1].Type;
        return type.IsNumeric == (call.Name == "ifelse") ? type.Dispatch(new Chooser(call, type)) : null;
    }

    private readonly struct Chooser(VectorCall call, EngineType type) : IClrDispatch<Node?>
    {
        public Node? Invoke<T>()
        {
            VectorCall of = call;
            if (call.OtherVector(1) is { } whenTrue && call.OtherVector(2) is { } whenFalse)
            {
                return whenTrue.Type != whenFalse.Type
                    ? null
                    : call.Of<sbyte, object?, object?, object?>(type.ArrayOf(), whenTrue, whenFalse, (v, a, b) =>
                {
                    T[] first = of.Elements((FormulaVector<T>)a!), second = of.Elements((FormulaVector<T>)b!);
                    if (first.Length != v.Size || second.Length != v.Size)
                        throw new FormulaError($"the vectors have {v.Size}, {first.Length} and {second.Length} elements");
                    return SelectElements(of.Elements(v), first, second);
                });
            }

            return call.Argument<T>(1, type) is not { } one || call.Argument<T>(2, type) is not { } other
                ? null
                : call.Of<sbyte, T, T, object?>(
                type.ArrayOf(), one, other,
                (v, a, b) => SelectElements(of.Elements(v), [.. Enumerable.Repeat(a, (int)v.Size)], [.. Enumerable.Repeat(b, (int)v.Size)]),
                NullRule.Pass);
        }

        private static ArrayVector<T> SelectElements<T>(sbyte[] conditions, T[] whenTrue, T[] whenFalse)
        {
            for (int n = 0; n < conditions.Length; n++)
                whenTrue[n] = conditions[n] == 1 ? whenTrue[n] : conditions[n] == 0 ? whenFalse[n] : Null<T>.Value;
            return new ArrayVector<T>(whenTrue);
        }
    }
}
