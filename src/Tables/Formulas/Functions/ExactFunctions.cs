using System.Numerics;
using Wharf.Tables.Columns;
using Wharf.Tables.Schemas;
using static Wharf.Tables.Schemas.EngineType;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>Integer arithmetic that fails on overflow.</summary>
internal static class ExactFunctions
{
    public static IEnumerable<Function> All =>
        [.. Of<sbyte>(EngineType.Byte), .. Of<short>(Short), .. Of<char>(EngineType.Char), .. Of<int>(Int), .. Of<long>(Long)];

    private static IEnumerable<Function> Of<T>(EngineType type)
        where T : unmanaged, IBinaryInteger<T>
    {
        yield return Two("addExact", static (a, b) => checked(a + b));
        yield return Two("subtractExact", static (a, b) => checked(a - b));
        yield return Two("multiplyExact", static (a, b) => checked(a * b));
        yield return One("incrementExact", static a => checked(a + T.One));
        yield return One("decrementExact", static a => checked(a - T.One));
        yield return One("negateExact", static a => checked(T.Zero - a));
        yield return Narrowed("toIntExact", Int, static a => int.CreateChecked(a));
        yield return Narrowed("toShortExact", Short, static a => short.CreateChecked(a));
        yield return Narrowed("toByteExact", Short, static a => (short)sbyte.CreateChecked(a));
        yield return Two("floorDiv", FloorDivide);
        yield return Two("floorMod", static (a, b) => b == T.Zero - T.One ? T.Zero : unchecked(a - (FloorDivide(a, b) * b)));

        Function One(string name, Func<T, T> body) => Function.Of<T, T>(name, type, type, a => NotNull(body(a)), canFail: true);
        Function Two(string name, Func<T, T, T> body) =>
            Function.Of<T, T, T>(name, type, type, type, (a, b) => NotNull(body(a, b)), canFail: true);
        Function Narrowed<TTo>(string name, EngineType to, Func<T, TTo> body) =>
            Function.Of<T, TTo>(name, type, to, a => NotNull(body(a)), canFail: true);
    }

    private static T FloorDivide<T>(T a, T b)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (b == T.Zero)
            throw new FormulaError("division by zero");
        if (T.IsNegative(b) && b == T.Zero - T.One)
            return unchecked(T.Zero - a);
        T quotient = a / b;
        return a % b != T.Zero && T.IsNegative(a) != T.IsNegative(b) ? quotient - T.One : quotient;
    }

    /// <summary>Throws if the result is the value that represents null.</summary>
    private static T NotNull<T>(T value) => EqualityComparer<T>.Default.Equals(value, Null<T>.Value)
        ? throw new OverflowException("the result is outside of the range of this type")
        : value;
}
