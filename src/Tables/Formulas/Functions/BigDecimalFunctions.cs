using System.Numerics;
using Wharf.Tables.Formulas.Big;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;
using static Wharf.Tables.Schemas.EngineType;
using BigDecimal = Wharf.Tables.Formulas.Big.BigDecimal;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>The methods and constructors of BigDecimal.</summary>
internal static class BigDecimalFunctions
{
    private static readonly EngineType Decimal = EngineType.BigDecimal, Whole = EngineType.BigInteger;

    public static IEnumerable<Function> All =>
    [
        Of(".abs", static x => x with { Unscaled = System.Numerics.BigInteger.Abs(x.Unscaled) }), Of(".negate", static x => -x),
        Of(".plus", static x => x),
        Of(".stripTrailingZeros", static x => x.StripZeros()),
        Of(".ulp", static x => new BigDecimal(1, x.Scale)),
        OfDecimal(".scale", Int, static x => x.Scale), OfDecimal(".precision", Int, static x => x.Precision),
        OfDecimal<object?>(".unscaledValue", Whole, static x => x.Unscaled),
        OfDecimal<object?>(".toBigInteger", Whole, static x => x.Whole()),
        OfDecimal<object?>(".toBigIntegerExact", Whole, static x => x.WithScale(0, Rounding.Unnecessary).Unscaled),
        OfDecimal<string?>(".toPlainString", EngineType.String, DecimalText.Plain),
        OfDecimal<string?>(".toEngineeringString", EngineType.String, DecimalText.Engineering),
        .. BigNumberMethods.Common(Decimal, static x => ((BigDecimal)x).Unscaled.Sign, static x => ((BigDecimal)x).JavaHash()),
        .. BigNumberMethods.Exact(Decimal, static x => ((BigDecimal)x).WithScale(0, Rounding.Unnecessary).Unscaled),

        OfTwo(".add", static (x, y) => x + y), OfTwo(".subtract", static (x, y) => x - y), OfTwo(".multiply", static (x, y) => x * y),
        OfTwo(".divide", static (x, y) => x.DivideExactly(y)),
        OfTwo(".remainder", static (x, y) => x % y), OfTwo(".divideToIntegralValue", static (x, y) => x.DivideToWhole(y)),
        OfTwo(".max", static (x, y) => x.CompareTo(y) >= 0 ? x : y), OfTwo(".min", static (x, y) => x.CompareTo(y) <= 0 ? x : y),

        OfInt(".pow", static (x, n) => x.Power(n)), OfInt(".setScale", static (x, n) => x.WithScale(n, Rounding.Unnecessary)),
        OfInt(".movePointLeft", static (x, n) => MovePoint(x, n)), OfInt(".movePointRight", static (x, n) => MovePoint(x, -(long)n)),
        OfInt(".scaleByPowerOfTen", static (x, n) => x with { Scale = checked(x.Scale - n) }),
        .. RoundingOverloads(),
        Function.Of<object, object, object?>(
            ".divideAndRemainder", Decimal, Decimal, Decimal.ArrayOf(),
            static (x, y) => new ArrayVector<object?>([((BigDecimal)x).DivideToWhole((BigDecimal)y), (BigDecimal)x % (BigDecimal)y]),
            NullRule.Refuse,
            canFail: true),

        ToDecimal(
            "new java.math.BigDecimal", EngineType.String,
            static (string text) => BigDecimal.Parse(text) ?? throw new FormulaError($"`{text}` is not a decimal number")),
        ToDecimal("new java.math.BigDecimal", Int, static (int number) => new BigDecimal(number, 0)) with { Nulls = NullRule.Pass },
        ToDecimal("new java.math.BigDecimal", Long, static (long number) => new BigDecimal(number, 0)) with { Nulls = NullRule.Pass },
        ToDecimal(
            "new java.math.BigDecimal", EngineType.Double,
            static (double number) => BigDecimal.FromDouble(number)) with { Nulls = NullRule.Pass },
        ToDecimal("new java.math.BigDecimal", Whole, static (object number) => new BigDecimal((BigInteger)number, 0)),
        Function.Of<object, int, object?>(
            "new java.math.BigDecimal", Whole, Int, Decimal, static (number, scale) => new BigDecimal((BigInteger)number, scale),
            NullRule.Refuse),
        ToDecimal("java.math.BigDecimal.valueOf", Long, static (long number) => new BigDecimal(number, 0)) with { Nulls = NullRule.Pass },
        ToDecimal(
            "java.math.BigDecimal.valueOf", EngineType.Double,
            static (double number) => BigDecimal.Of(number)) with { Nulls = NullRule.Pass },
        Function.Of<long, int, object?>(
            "java.math.BigDecimal.valueOf", Long, Int, Decimal, static (number, scale) => new BigDecimal(number, scale), NullRule.Pass),
    ];

    /// <summary>The overloads with a rounding mode, by its name or by its number.</summary>
    private static IEnumerable<Function> RoundingOverloads()
    {
        yield return Function.Of<object, int, object, object?>(
            ".setScale", Decimal, Int, EngineType.RoundingMode, Decimal,
            static (x, scale, mode) => ((BigDecimal)x).WithScale(scale, ((RoundingMode)mode).Mode), NullRule.Refuse, canFail: true);
        yield return Function.Of<object, int, int, object?>(
            ".setScale", Decimal, Int, Int, Decimal,
            static (x, scale, mode) => ((BigDecimal)x).WithScale(scale, Roundings.Mode(mode)), NullRule.Refuse, canFail: true);
        yield return Function.Of<object, object, object, object?>(
            ".divide", Decimal, Decimal, EngineType.RoundingMode, Decimal,
            static (x, y, mode) => ((BigDecimal)x).Divide((BigDecimal)y, ((BigDecimal)x).Scale, ((RoundingMode)mode).Mode), NullRule.Refuse,
            canFail: true);
        yield return Function.Of<object, object, int, object?>(
            ".divide", Decimal, Decimal, Int, Decimal,
            static (x, y, mode) => ((BigDecimal)x).Divide((BigDecimal)y, ((BigDecimal)x).Scale, Roundings.Mode(mode)), NullRule.Refuse,
            canFail: true);
        yield return BigNumberMethods.OfFour<object>(".divide", EngineType.RoundingMode, static mode => ((RoundingMode)mode).Mode);
        yield return BigNumberMethods.OfFour<int>(".divide", Int, Roundings.Mode);
    }

    // Java does not return a negative scale here.
    private static BigDecimal MovePoint(BigDecimal number, long places)
    {
        var moved = number with { Scale = checked((int)(number.Scale + places)) };
        return places != 0 && moved.Scale < 0 ? moved.WithScale(0, Rounding.Unnecessary) : moved;
    }

    private static Function Of(string name, Func<BigDecimal, BigDecimal> body) => OfDecimal<object?>(name, Decimal, number => body(number));

    private static Function OfDecimal<T>(string name, EngineType result, Func<BigDecimal, T> body) =>
        Function.Of<object, T>(name, Decimal, result, number => body((BigDecimal)number), NullRule.Refuse, canFail: true);

    private static Function OfTwo(string name, Func<BigDecimal, BigDecimal, BigDecimal> body) =>
        Function.Of<object, object, object?>(
            name, Decimal, Decimal, Decimal, (x, y) => body((BigDecimal)x, (BigDecimal)y), NullRule.Refuse, canFail: true);

    private static Function OfInt(string name, Func<BigDecimal, int, BigDecimal> body) =>
        Function.Of<object, int, object?>(name, Decimal, Int, Decimal, (x, n) => body((BigDecimal)x, n), NullRule.Refuse, canFail: true);

    private static Function ToDecimal<T>(string name, EngineType from, Func<T, BigDecimal> body) =>
        Function.Of<T, object?>(name, from, Decimal, value => body(value), NullRule.Refuse, canFail: true);
}
