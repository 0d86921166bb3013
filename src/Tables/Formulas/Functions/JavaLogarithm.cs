namespace Wharf.Tables.Formulas.Functions;

/// <summary>
/// The logarithm to base 10 of Java's virtual machine, correctly rounded except for ties. The C library differs in the last digit of one
/// result in ten. It is computed in pairs of numbers whose sum has twice the precision.
/// </summary>
internal static class JavaLogarithm
{
    private const int Terms = 17;

    // The high-order and low-order parts of 1/ln(10) and of log10(2).
    private const double PerLn10High = 0.4342944819032518, PerLn10Low = 1.098319650216765e-17;
    private const double Log2High = 0.3010299956639812, Log2Low = -2.8037281277851704e-18;

    /// <summary>Returns the logarithm to base 10.</summary>
    public static double Log10(double x)
    {
        if (!(x > 0) || double.IsInfinity(x))
            return x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;
        int power = Math.ILogB(x);
        double size = Math.ScaleB(x, -power);
        if (size > 1.4142135623730951)
            (size, power) = (size * 0.5, power + 1);

        // ln(m) = 2 (s + s^3/3 + s^5/5 + ..) where s = (m - 1) / (m + 1).
        double above = size - 1, below = size + 1, belowRest = size - (below - 1);
        double s = above / below, sRest = (Math.FusedMultiplyAdd(-s, below, above) - (s * belowRest)) / below;
        (double square, double squareRest) = Product(s, sRest, s, sRest);
        double high = 1.0 / ((2 * Terms) + 1), low = 0;
        for (int n = Terms - 1; n >= 0; n--)
        {
            (high, low) = Product(high, low, square, squareRest);
            double term = 1.0 / ((2 * n) + 1);
            (high, low) = Sum(term, Math.FusedMultiplyAdd(-term, (2 * n) + 1, 1) / ((2 * n) + 1), high, low);
        }

        (high, low) = Product(high, low, 2 * s, 2 * sRest);
        (high, low) = Product(high, low, PerLn10High, PerLn10Low);
        (double powerHigh, double powerLow) = Product(power, 0, Log2High, Log2Low);
        (high, low) = Sum(powerHigh, powerLow, high, low);
        return high + low;
    }

    private static (double High, double Low) Product(double a, double aLow, double b, double bLow)
    {
        double high = a * b;
        return Normalize(high, Math.FusedMultiplyAdd(a, b, -high) + ((a * bLow) + (aLow * b)));
    }

    private static (double High, double Low) Sum(double a, double aLow, double b, double bLow)
    {
        double high = a + b, part = high - a;
        return Normalize(high, ((a - (high - part)) + (b - part)) + (aLow + bLow));
    }

    private static (double High, double Low) Normalize(double high, double low) =>
        (high + low) is var sum ? (sum, low - (sum - high)) : default;
}
