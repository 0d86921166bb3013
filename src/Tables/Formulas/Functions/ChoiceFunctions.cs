using System.Numerics;
using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;
using static Wharf.Tables.Schemas.EngineType;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>Functions that select, compare, or repeat values.</summary>
internal static class ChoiceFunctions
{
    private const int MostElements = 1 << 24;

    public static IEnumerable<Function> All =>
    [
        .. Numbers<sbyte>(EngineType.Byte), .. Numbers<short>(Short), .. Numbers<char>(EngineType.Char), .. Numbers<int>(Int),
        .. Numbers<long>(Long), .. Numbers<float>(Float),
        .. Numbers<double>(EngineType.Double),
        Function.Of<string, string, string, sbyte>(
            "inRange", EngineType.String, EngineType.String, EngineType.String, EngineType.Boolean,
            static (value, low, high) => Is(string.CompareOrdinal(value, low) >= 0 && string.CompareOrdinal(value, high) <= 0),
            NullRule.Pass),
        Function.Of<sbyte, sbyte>("not", EngineType.Boolean, EngineType.Boolean, static value => (sbyte)(1 - value)),
        Choice<string?>("ifelseObj", EngineType.String), Choice<long>("ifelseObj", EngineType.Instant),
        Choice<long>("ifelseObj", EngineType.LocalDate), Choice<long>("ifelseObj", EngineType.LocalTime),
        Choice<long>("ifelseObj", EngineType.Duration), Choice<sbyte>("ifelseObj", EngineType.Boolean),
    ];

    private static IEnumerable<Function> Numbers<T>(EngineType type)
        where T : unmanaged, INumber<T>
    {
        yield return Choice<T>("ifelse", type);
        yield return Function.Of<T, T, int>("compare", type, type, Int, Compare, NullRule.Pass);
        yield return Function.Of<T, T, T, sbyte>(
            "inRange", type, type, type, EngineType.Boolean,
            static (value, low, high) => Is(!IsNull(value) && value >= low && value <= high), NullRule.Pass);
        yield return Function.Of<T, T, T>("copySign", type, type, type, CopySign);
        yield return Function.Of<T, int, object?>("repeat", type, Int, type.ArrayOf(), Repeat, NullRule.Pass, canFail: true);
        if (type.Kind != EngineKind.Char)
            yield return Function.Of<T, T, T, object?>(
                "sequence", type, type, type, type.ArrayOf(), Sequence, NullRule.Pass, canFail: true);
    }

    private static Function Choice<T>(string name, EngineType type) => Function.Of<sbyte, T, T, T>(
        name, EngineType.Boolean, type, type, type,
        static (condition, whenTrue, whenFalse) => condition == Null<sbyte>.Value ? Null<T>.Value : condition == 1 ? whenTrue : whenFalse,
        NullRule.Pass);

    /// <summary>
    /// Returns -1, 0 or 1; null is the smallest, NaN the largest, and -0.0 is less than 0.0. For characters, the difference of their codes.
    /// </summary>
    private static int Compare<T>(T a, T b)
        where T : unmanaged, INumber<T>
    {
        bool noA = IsNull(a), noB = IsNull(b);
        if (noA || noB)
            return noA && noB ? 0 : noA ? -1 : 1;
        if (T.IsNaN(a) || T.IsNaN(b))
            return T.IsNaN(a) && T.IsNaN(b) ? 0 : T.IsNaN(a) ? 1 : -1;
        if (typeof(T) == typeof(char) || typeof(T) == typeof(sbyte) || typeof(T) == typeof(short))
            return int.CreateTruncating(a) - int.CreateTruncating(b);
        return a < b ? -1 : a > b ? 1 : T.IsNegative(b).CompareTo(T.IsNegative(a));
    }

    private static T CopySign<T>(T size, T sign)
        where T : unmanaged, INumber<T>
    {
        bool isNegative = typeof(T) == typeof(float) || typeof(T) == typeof(double) ? T.IsNegative(sign) && !T.IsNaN(sign) : sign < T.Zero;
        return isNegative ? unchecked(-T.Abs(size)) : T.Abs(size);
    }

    private static ArrayVector<T> Repeat<T>(T value, int times)
    {
        if (times > MostElements)
            throw new FormulaError($"an array cannot have {times} elements");
        var elements = new T[Math.Max(times, 0)];
        Array.Fill(elements, value);
        return new ArrayVector<T>(elements);
    }

    private static ArrayVector<T> Sequence<T>(T start, T end, T step)
        where T : unmanaged, INumber<T>
    {
        if (T.IsZero(step))
            return new ArrayVector<T>([]);
        double steps = double.CreateTruncating(end - start) / double.CreateTruncating(step);
        if (steps > MostElements)
            throw new FormulaError("the sequence is too long");
        long last = (long)steps;
        var elements = new T[Math.Max(last + 1, 0)];
        for (int n = 0; n < elements.Length; n++)
            elements[n] = start + (T.CreateTruncating(n) * step);
        return new ArrayVector<T>(elements);
    }

    private static sbyte Is(bool value) => value ? (sbyte)1 : (sbyte)0;

    private static bool IsNull<T>(T value) => EqualityComparer<T>.Default.Equals(value, Null<T>.Value);
}
