using System.Numerics;
using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;
using static Wharf.Tables.Schemas.EngineType;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>Functions of numbers.</summary>
internal static class MathFunctions
{
    public static IEnumerable<Function> All =>
    [
        Real("acos", JavaAngles.Acos), Real("asin", JavaAngles.Asin), Real("atan", JavaAngles.Atan), Real("ceil", Math.Ceiling),
        Real("cos", Math.Cos), Real("exp", Math.Exp),
        Real("floor", Math.Floor), Real("log", Math.Log), Real("log10", JavaLogarithm.Log10), Real("sin", Math.Sin),
        new Function(
            "sqrt", [EngineType.Double], EngineType.Double, static (_, arguments, _, _) => new SquareRootNode((Node<double>)arguments[0])),
            Real("tan", Math.Tan),
        Real("rint", static x => Math.Round(x, MidpointRounding.ToEven)), Real("cbrt", CubeRoot), Real("sinh", JavaExponentials.Sinh),
        Real("cosh", JavaExponentials.Cosh), Real("tanh", JavaExponentials.Tanh),
        Real("log1p", JavaExponentials.Log1p), Real("expm1", JavaExponentials.Expm1),
        Real("toDegrees", static x => x * 57.29577951308232), Real("toRadians", static x => x * 0.017453292519943295),
        Function.Of<double, double, double>("pow", EngineType.Double, EngineType.Double, EngineType.Double, Power),
        .. OfTwo("atan2", JavaAngles.Atan2), .. OfTwo("hypot", JavaAngles.Hypot),
        Function.Of<float, long>("round", Float, Long, static x => (int)Math.Floor((double)x + 0.5)),
        Function.Of<double, long>("round", EngineType.Double, Long, Round),
        Function.Of<int, int>("signum", Int, Int, Math.Sign),
        // As in the reference server: the sign of the number after a cast to int.
        Function.Of<long, int>("signum", Long, Int, static x => Math.Sign((int)x)),
        Function.Of<double, int>("signum", EngineType.Double, Int, static x => Math.Sign((int)x)),
        .. IntegerFunctions<sbyte>(EngineType.Byte), .. IntegerFunctions<short>(Short), .. IntegerFunctions<char>(EngineType.Char),
        .. IntegerFunctions<int>(Int), .. IntegerFunctions<long>(Long),
        .. Floating<float>(Float), .. Floating<double>(EngineType.Double),
        .. Bins<int>(Int, LowerBin, UpperBin), .. Bins<long>(Long, LowerBin, UpperBin),
        .. Bins<float>(
            Float, static (x, bin) => MathF.Floor(x / Positive(bin)) * bin, static (x, bin) => MathF.Ceiling(x / Positive(bin)) * bin),
        .. Bins<double>(
            EngineType.Double, static (x, bin) => Math.Floor(x / Positive(bin)) * bin,
            static (x, bin) => Math.Ceiling(x / Positive(bin)) * bin),
    ];

    /// <summary>Both kinds of bins, with and without an offset.</summary>
    private static IEnumerable<Function> Bins<T>(EngineType type, Func<T, T, T> lower, Func<T, T, T> upper)
        where T : unmanaged, INumber<T> =>
    [
        Function.Of("lowerBin", type, type, type, lower, canFail: true), Function.Of("upperBin", type, type, type, upper, canFail: true),
        Function.Of<T, T, T, T>(
            "lowerBin", type, type, type, type, (value, bin, offset) => BinWithOffset(value, bin, offset, lower), canFail: true),
        Function.Of<T, T, T, T>(
            "upperBin", type, type, type, type, (value, bin, offset) => BinWithOffset(value, bin, offset, upper), canFail: true),
    ];

    private static T BinWithOffset<T>(T value, T bin, T offset, Func<T, T, T> toBin)
        where T : unmanaged, INumber<T>
    {
        // An intermediate result that is the null value remains null.
        T moved = unchecked(value - offset);
        return unchecked((moved == Null<T>.Value ? moved : toBin(moved, bin)) + offset);
    }

    public static T LowerBin<T>(T value, T bin)
        where T : IBinaryInteger<T>
    {
        T rest = value % Positive(bin);
        return T.IsNegative(rest) ? value - rest - bin : value - rest;
    }

    public static T UpperBin<T>(T value, T bin)
        where T : IBinaryInteger<T>
    {
        T rest = value % Positive(bin);
        return rest > T.Zero ? value + bin - rest : value - rest;
    }

    private static T Positive<T>(T bin)
        where T : INumber<T> => bin > T.Zero ? bin : throw new FormulaError("the size of a bin must be greater than zero");

    private static Function Real(string name, Func<double, double> body) => Function.Of(name, EngineType.Double, EngineType.Double, body);

    /// <summary>
    /// A function of two numbers, which are converted to a common type first. If that is float, the arguments lose precision.
    /// </summary>
    private static IEnumerable<Function> OfTwo(string name, Func<double, double, double> body) =>
    [
        Function.Of<int, int, double>(name, Int, Int, EngineType.Double, (x, y) => body(x, y)),
        Function.Of<long, long, double>(name, Long, Long, EngineType.Double, (x, y) => body(x, y)),
        Function.Of<float, float, double>(name, Float, Float, EngineType.Double, (x, y) => body(x, y)),
        Function.Of(name, EngineType.Double, EngineType.Double, EngineType.Double, body),
    ];

    private static double Power(double x, double y) =>
        Math.Abs(x) == 1 && double.IsInfinity(y) || (x == 1 && double.IsNaN(y)) ? double.NaN : Math.Pow(x, y);

    private static long Round(double x) => Math.Abs(x) < 4_503_599_627_370_496
        ? (long)Math.Floor(x + (BitConverter.DoubleToInt64Bits(x) == 0x3FDFFFFFFFFFFFFF ? 0 : 0.5))
        : (long)x;

    /// <summary>
    /// Returns the cube root of Java's library (fdlibm: an estimate from the exponent, a rational step to 23 bits, a Newton step to 53),
    /// accurate to two thirds of the last digit. The C library is off by one digit even for small integers such as 5.
    /// </summary>
    private static double CubeRoot(double x)
    {
        if (!double.IsFinite(x) || x == 0)
            return x;
        double size = Math.Abs(x);
        int high = High(size);
        double t = high < 0x00100000
            ? FromHigh((High(size * 18014398509481984.0) / 3) + 696219795)
            : FromHigh((high / 3) + 715094163);

        double r = t * t / size, s = 19.0 / 35 + (r * t);
        t *= (5.0 / 14) + ((45.0 / 28) / (s + (99.0 / 70) + ((-864.0 / 1225) / s)));

        t = FromHigh(High(t) + 1);
        s = t * t;
        r = size / s;
        r = (r - t) / (t + t + r);
        return Math.CopySign(t + (t * r), x);

        static int High(double value) => (int)(BitConverter.DoubleToInt64Bits(value) >> 32);
        static double FromHigh(int bits) => BitConverter.Int64BitsToDouble((long)bits << 32);
    }

    private static IEnumerable<Function> IntegerFunctions<T>(EngineType type)
        where T : unmanaged, IBinaryInteger<T>
    {
        yield return Function.Of<T, T>("abs", type, type, T.Abs);
        yield return Function.Of<T, sbyte>("isNaN", type, EngineType.Boolean, static _ => 0, NullRule.Pass);
        yield return Function.Of<T, sbyte>("isInf", type, EngineType.Boolean, static _ => 0, NullRule.Pass);
        yield return Function.Of<T, sbyte>(
            "isFinite", type, EngineType.Boolean, static x => x == Null<T>.Value ? (sbyte)0 : (sbyte)1, NullRule.Pass);

        // The small types match only exactly: mixed arguments are widened to int.
        bool isExact = type.Kind < EngineKind.Int;
        if (isExact)
        {
            foreach (Function bin in Bins<T>(type, LowerBin, UpperBin))
                yield return bin with { IsExact = true };
        }

        yield return Function.Of<T, T, T>(
            "min", type, type, type, static (x, y) => x == Null<T>.Value ? y : y == Null<T>.Value ? x : T.Min(x, y),
            NullRule.Pass) with { IsExact = isExact };
        yield return Function.Of<T, T, T>(
            "max", type, type, type, static (x, y) => x == Null<T>.Value ? y : y == Null<T>.Value ? x : T.Max(x, y),
            NullRule.Pass) with { IsExact = isExact };
        yield return Function.Of<T, T, T, T>("clamp", type, type, type, type, Clamp, canFail: true) with { IsExact = isExact };
    }

    private static IEnumerable<Function> Floating<T>(EngineType type)
        where T : IFloatingPointIeee754<T>
    {
        yield return Function.Of<T, T>("abs", type, type, T.Abs);
        yield return Function.Of<T, sbyte>("isNaN", type, EngineType.Boolean, static x => T.IsNaN(x) ? (sbyte)1 : (sbyte)0, NullRule.Pass);
        yield return Function.Of<T, sbyte>(
            "isInf", type, EngineType.Boolean, static x => T.IsInfinity(x) ? (sbyte)1 : (sbyte)0, NullRule.Pass);
        yield return Function.Of<T, sbyte>(
            "isFinite", type, EngineType.Boolean, static x => T.IsFinite(x) && x != Null<T>.Value ? (sbyte)1 : (sbyte)0, NullRule.Pass);
        yield return Function.Of<T, T, T>(
            "min", type, type, type, static (x, y) => x == Null<T>.Value ? y : y == Null<T>.Value ? x : T.IsNaN(y) || y < x ? y : x,
            NullRule.Pass);
        yield return Function.Of<T, T, T>(
            "max", type, type, type, static (x, y) => x == Null<T>.Value ? y : y == Null<T>.Value ? x : T.IsNaN(y) || y > x ? y : x,
            NullRule.Pass);
        yield return Function.Of<T, T, T, T>("clamp", type, type, type, type, Clamp, canFail: true);
    }

    private static T Clamp<T>(T value, T low, T high)
        where T : INumber<T> => low <= high
            ? (value < low ? low : value > high ? high : value)
            : throw new FormulaError("the lower bound is greater than the upper bound");
}
