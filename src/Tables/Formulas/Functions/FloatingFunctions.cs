using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;
using static Wharf.Tables.Schemas.EngineType;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>Functions of the representation and the special values of floating-point numbers.</summary>
internal static class FloatingFunctions
{
    public static IEnumerable<Function> All =>
    [
        Function.Of<float, float>("ulp", Float, Float, Ulp), Function.Of<double, double>("ulp", EngineType.Double, EngineType.Double, Ulp),
        Function.Of<float, float>("nextUp", Float, Float, static x => SkipNull(MathF.BitIncrement(x), MathF.BitIncrement)),
        Function.Of<double, double>(
            "nextUp", EngineType.Double, EngineType.Double, static x => SkipNull(Math.BitIncrement(x), Math.BitIncrement)),
        Function.Of<float, float>("nextDown", Float, Float, static x => SkipNull(MathF.BitDecrement(x), MathF.BitDecrement)),
        Function.Of<double, double>(
            "nextDown", EngineType.Double, EngineType.Double, static x => SkipNull(Math.BitDecrement(x), Math.BitDecrement)),
        Function.Of<float, float, float>("nextAfter", Float, Float, Float, NextAfter),
        Function.Of<double, double, double>("nextAfter", EngineType.Double, EngineType.Double, EngineType.Double, NextAfter),
        Function.Of<float, int>("getExponent", Float, Int, static x => ((BitConverter.SingleToInt32Bits(x) >> 23) & 0xFF) - 127),
        Function.Of<double, int>(
            "getExponent", EngineType.Double, Int, static x => (int)((BitConverter.DoubleToInt64Bits(x) >> 52) & 0x7FF) - 1023),
        Function.Of<float, int, float>("scalb", Float, Int, Float, MathF.ScaleB),
        Function.Of<double, int, double>("scalb", EngineType.Double, Int, EngineType.Double, Math.ScaleB),
        Function.Of<float, float, float>("IEEEremainder", Float, Float, Float, static (x, y) => (float)Math.IEEERemainder(x, y)),
        Function.Of<double, double, double>("IEEEremainder", EngineType.Double, EngineType.Double, EngineType.Double, Math.IEEERemainder),
        ReplaceIf<float>("replaceIfNaN", Float, float.IsNaN), ReplaceIf<double>("replaceIfNaN", EngineType.Double, double.IsNaN),
        ReplaceIf<float>("replaceIfNonFinite", Float, static x => !float.IsFinite(x) || x == Null<float>.Value),
        ReplaceIf<double>("replaceIfNonFinite", EngineType.Double, static x => !double.IsFinite(x) || x == Null<double>.Value),
        ReplaceIf<float>("replaceIfNullNaN", Float, static x => float.IsNaN(x) || x == Null<float>.Value),
        ReplaceIf<double>("replaceIfNullNaN", EngineType.Double, static x => double.IsNaN(x) || x == Null<double>.Value),
    ];

    private static Function ReplaceIf<T>(string name, EngineType type, Func<T, bool> test) =>
        Function.Of<T, T, T>(name, type, type, type, (value, other) => test(value) ? other : value, NullRule.Pass);

    private static double Ulp(double x) =>
        double.IsInfinity(x) ? double.PositiveInfinity : Math.BitIncrement(Math.Abs(x)) is var next && double.IsInfinity(next)
        ? Math.Abs(x) - Math.BitDecrement(Math.Abs(x))
        : next - Math.Abs(x);

    private static float Ulp(float x) =>
        float.IsInfinity(x) ? float.PositiveInfinity : MathF.BitIncrement(MathF.Abs(x)) is var next && float.IsInfinity(next)
        ? MathF.Abs(x) - MathF.BitDecrement(MathF.Abs(x))
        : next - MathF.Abs(x);

    /// <summary>Skips the number that represents null.</summary>
    private static T SkipNull<T>(T value, Func<T, T> next) =>
        EqualityComparer<T>.Default.Equals(value, Null<T>.Value) ? next(value) : value;

    private static double NextAfter(double from, double to) => from < to
        ? SkipNull(Math.BitIncrement(from), Math.BitIncrement)
        : from > to ? SkipNull(Math.BitDecrement(from), Math.BitDecrement) : double.IsNaN(from) ? from : to;

    private static float NextAfter(float from, float to) => from < to
        ? SkipNull(MathF.BitIncrement(from), MathF.BitIncrement)
        : from > to ? SkipNull(MathF.BitDecrement(from), MathF.BitDecrement) : float.IsNaN(from) ? from : to;
}
