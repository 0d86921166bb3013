using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Functions.Vectors;

/// <summary>Vector functions for elements of any type.</summary>
internal static class VectorElements
{
    public static IEnumerable<VectorFunction> All =>
    [
        Any(".size"), Any(".isEmpty"), Any(".length"), Any(".get"), Any(".subVector"), Any("len"),
        Elements("count"), Elements("first"), Elements("last"), Elements("nth", vectorAt: 1),
        Elements("firstIndexOf", vectorAt: 1) with { IsLeadingOne = true },
        Vector("array"), Elements("vec"), Elements("enlist"), Elements("distinct"), Elements("countDistinct"), Elements("reverse"),
        Elements("forwardFill"), Vector("replaceIfNull") with { IsOfAnyType = true }, Vector("concat") with { IsOfAnyType = true },
    ];

    private static VectorFunction Any(string name) => new(name, Bind) { IsOfAnyType = true };

    private static VectorFunction Vector(string name) => new(name, Bind);

    private static VectorFunction Elements(string name, int vectorAt = 0) => new(name, Bind) { TakesElements = true, VectorAt = vectorAt };

    private static Node? Bind(VectorCall call) => call.Component.Dispatch(new Binder(call));

    private readonly struct Binder(VectorCall call) : IClrDispatch<Node?>
    {
        public Node? Invoke<T>()
        {
            VectorCall of = call;
            EngineType component = call.Component, array = component.ArrayOf();
            switch (call.Name, call.Arguments.Length)
            {
                case (".size" or "len", 1): return call.Of<T, long>(EngineType.Long, static v => v.Size);
                case (".isEmpty", 1): return call.Of<T, sbyte>(EngineType.Boolean, static v => v.Size == 0 ? (sbyte)1 : (sbyte)0);
                case (".length", 1): return call.Of<T, int>(EngineType.Int, static v => (int)v.Size);
                case ("count", 1): return call.Of<T, long>(EngineType.Long, v => Count(v, of));
                case ("first", 1): return call.Of<T, T>(component, static v => v.GetOrNull(0));
                case ("last", 1): return call.Of<T, T>(component, static v => v.GetOrNull(v.Size - 1));
                case (".get", 2) when call.Argument<long>(1, EngineType.Long) is { } index:
                    return call.Of<T, long, T>(component, index, static (v, n) => v.GetOrNull(n));
                case ("nth", 2) when call.Argument<long>(0, EngineType.Long) is { } index:
                    return call.Of<T, long, T>(component, index, static (v, n) => v.GetOrNull(n));
                case ("firstIndexOf", 2) when call.Argument<T>(0, component) is { } wanted:
                    return call.Of<T, T, long>(EngineType.Long, wanted, (v, value) => FirstIndexOf(v, value, of), NullRule.Pass);
                case (".subVector", 3) when call.Argument<long>(1, EngineType.Long) is { } from
                    && call.Argument<long>(2, EngineType.Long) is { } to:
                    return call.Of<T, long, long, object?>(component.VectorOf(), from, to, static (v, start, end) =>
                        checked(end - start) is >= 0 and <= int.MaxValue and var size
                            ? new SubVector<T>(v, start, size)
                            : throw new FormulaError($"the range from {start} to {end} is invalid"));

                case ("vec", 1): return call.Of<T, object?>(component.VectorOf(), static v => v);
                case ("array", 1) when !call.Vector.Type.IsVector: return null;
                case ("array" or "enlist", 1): return call.Of<T, object?>(array, v => new ArrayVector<T>(of.Elements(v)));
                case ("reverse", 1): return call.Of<T, object?>(array, v => Reverse(of.Elements(v)));
                case ("forwardFill", 1): return call.Of<T, object?>(array, v => ForwardFill(of.Elements(v)));
                case ("distinct", 1): return call.Of<T, object?>(array, v => Distinct(v, withNull: false, of));
                case ("distinct", 2) when call.Argument<sbyte>(1, EngineType.Boolean) is { } withNull:
                    return call.Of<T, sbyte, object?>(array, withNull, (v, flag) => Distinct(v, flag == 1, of));
                case ("countDistinct", 1): return call.Of<T, long>(EngineType.Long, v => Distinct(v, withNull: false, of).Size);
                case ("countDistinct", 2) when call.Argument<sbyte>(1, EngineType.Boolean) is { } withNull:
                    return call.Of<T, sbyte, long>(EngineType.Long, withNull, (v, flag) => Distinct(v, flag == 1, of).Size);
                case ("replaceIfNull", 2) when call.Argument<T>(1, component) is { } other:
                    return call.Of<T, T, object?>(array, other, (v, value) => ReplaceNull(of.Elements(v), value), NullRule.Pass);
                case ("concat", _) when call.Arguments.All(argument => argument.Type == of.Vector.Type):
                    Node joined = call.Vector;
                    foreach (Node next in call.Arguments.Skip(1))
                        joined = (call with { Arguments = [joined] })
                            .Of<T, object?, object?>(array, (Node<object?>)next, (v, other) => Concat(v, (FormulaVector<T>)other!, of));
                    return joined;
                default: return null;
            }
        }
    }

    public static long Count<T>(FormulaVector<T> vector, VectorCall call)
    {
        long count = 0;
        for (long n = 0; n < vector.Size; n++)
        {
            call.ThrowIfCancelled(n);
            count += VectorCall.IsNull(vector.GetOrNull(n)) ? 0 : 1;
        }

        return count;
    }

    /// <summary>Returns whether two elements are equal as in Java's <c>==</c>: NaN never is.</summary>
    private static bool AreEqual<T>(T a, T b) => (a, b) switch
    {
        (double x, double y) => x == y,
        (float x, float y) => x == y,
        _ => EqualityComparer<T>.Default.Equals(a, b),
    };

    private static long FirstIndexOf<T>(FormulaVector<T> vector, T wanted, VectorCall call)
    {
        for (long n = 0; n < vector.Size; n++)
        {
            call.ThrowIfCancelled(n);
            if (AreEqual(vector.GetOrNull(n), wanted))
                return n;
        }

        return Null<long>.Value;
    }

    private static ArrayVector<T> Reverse<T>(T[] elements)
    {
        Array.Reverse(elements);
        return new ArrayVector<T>(elements);
    }

    private static ArrayVector<T> ForwardFill<T>(T[] elements)
    {
        for (int n = 1; n < elements.Length; n++)
        {
            if (VectorCall.IsNull(elements[n]))
                elements[n] = elements[n - 1];
        }

        return new ArrayVector<T>(elements);
    }

    private static ArrayVector<T> ReplaceNull<T>(T[] elements, T other)
    {
        for (int n = 0; n < elements.Length; n++)
        {
            if (VectorCall.IsNull(elements[n]))
                elements[n] = other;
        }

        return new ArrayVector<T>(elements);
    }

    /// <summary>Returns each distinct element at its first occurrence. Here NaN equals NaN, and -0.0 differs from 0.0.</summary>
    private static ArrayVector<T> Distinct<T>(FormulaVector<T> vector, bool withNull, VectorCall call)
    {
        var seen = new HashSet<object>();
        var kept = new List<T>();
        bool nullSeen = false;
        for (long n = 0; n < vector.Size; n++)
        {
            call.ThrowIfCancelled(n);
            T element = vector.GetOrNull(n);
            bool isNull = VectorCall.IsNull(element);
            bool isNew = isNull ? withNull && !nullSeen
                : seen.Add(
                    element switch { double x => BitConverter.DoubleToInt64Bits(x), float x => BitConverter.SingleToInt32Bits(x),
                        _ => element! });
            nullSeen |= isNull;
            if (isNew)
                kept.Add(element);
        }

        return new ArrayVector<T>([.. kept]);
    }

    private static ArrayVector<T> Concat<T>(FormulaVector<T> first, FormulaVector<T> second, VectorCall call) =>
        new([.. call.Elements(first), .. call.Elements(second)]);
}
