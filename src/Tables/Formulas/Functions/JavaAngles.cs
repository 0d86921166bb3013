namespace Wharf.Tables.Formulas.Functions;

/// <summary>
/// The inverse trigonometric functions of Java's library, bit for bit (fdlibm: reduce the argument to a known angle, and evaluate an odd
/// polynomial). The C library rounds more accurately, and differs in the last digit of some results.
/// </summary>
internal static class JavaAngles
{
    private const double PiLow = 1.2246467991473531772E-16;

    // The arc tangents of 1/2, 1, 3/2 and infinity, and their low-order parts.
    private static readonly double[] High = [4.63647609000806093515e-01, 7.85398163397448278999e-01, 9.82793723247329054082e-01,
        1.57079632679489655800e+00];
    private static readonly double[] Low = [2.26987774529616870924e-17, 3.06161699786838301793e-17, 1.39033110312309984516e-17,
        6.12323399573676603587e-17];

    private static readonly double[] Terms =
    [
        3.33333333333329318027e-01, -1.99999999998764832476e-01, 1.42857142725034663711e-01, -1.11111104054623557880e-01,
        9.09088713343650656196e-02, -7.69187620504482999495e-02,
        6.66107313738753120669e-02, -5.83357013379057348645e-02, 4.97687799461593236017e-02, -3.65315727442169155270e-02,
        1.62858201153657823623e-02,
    ];

    /// <summary>Returns the arc tangent.</summary>
    public static double Atan(double x)
    {
        double size = Math.Abs(x);
        if (double.IsNaN(x) || size < 1.862645149230957e-09)
            return x;
        if (size >= 73786976294838206464.0)
            return Math.CopySign(High[3] + Low[3], x);

        (int near, double rest) = size switch
        {
            < 0.4375 => (-1, x),
            < 0.6875 => (0, ((2 * size) - 1) / (2 + size)),
            < 1.1875 => (1, (size - 1) / (size + 1)),
            < 2.4375 => (2, (size - 1.5) / (1 + (1.5 * size))),
            _ => (3, -1 / size),
        };
        double z = rest * rest, w = z * z;
        double odd = z * (Terms[0] + (w * (Terms[2] + (w * (Terms[4] + (w * (Terms[6] + (w * (Terms[8] + (w * Terms[10]))))))))));
        double even = w * (Terms[1] + (w * (Terms[3] + (w * (Terms[5] + (w * (Terms[7] + (w * Terms[9]))))))));
        if (near < 0)
            return rest - (rest * (odd + even));
        return Math.CopySign(High[near] - (((rest * (odd + even)) - Low[near]) - rest), x);
    }

    /// <summary>Returns the arc sine.</summary>
    public static double Asin(double x)
    {
        double size = Math.Abs(x);
        if (!(size < 1))
            return size == 1 ? (x * High[3]) + (x * Low[3]) : double.NaN;
        if (size < 0.5)
            return size < 7.450580596923828e-09 ? x : x + (x * Ratio(x * x));
        double t = (1 - size) * 0.5, ratio = Ratio(t), root = Math.Sqrt(t), angle;
        if ((BitConverter.DoubleToInt64Bits(size) >> 32) >= 0x3FEF3333)
        {
            angle = High[3] - ((2 * (root + (root * ratio))) - Low[3]);
        }
        else
        {
            double shortened = ClearLowBits(root), c = (t - (shortened * shortened)) / (root + shortened);
            angle = High[1] - (((2 * root * ratio) - (Low[3] - (2 * c))) - (High[1] - (2 * shortened)));
        }

        return Math.CopySign(angle, x);
    }

    /// <summary>Returns the arc cosine.</summary>
    public static double Acos(double x)
    {
        double size = Math.Abs(x);
        if (!(size < 1))
            return x == 1 ? 0 : x == -1 ? Math.PI + (2 * Low[3]) : double.NaN;
        if (size < 0.5)
            return size <= 6.938893903907228e-18 ? High[3] + Low[3] : High[3] - (x - (Low[3] - (x * Ratio(x * x))));
        double z = (1 - size) * 0.5, root = Math.Sqrt(z), ratio = Ratio(z);
        if (x < 0)
            return Math.PI - (2 * (root + ((ratio * root) - Low[3])));
        double shortened = ClearLowBits(root);
        return 2 * (shortened + ((ratio * root) + ((z - (shortened * shortened)) / (root + shortened))));
    }

    /// <summary>Returns the rational approximation of the arc sine near zero.</summary>
    private static double Ratio(double t)
    {
        double p = t * (1.66666666666666657415e-01
            + (t * (-3.25565818622400915405e-01 + (t * (2.01212532134862925881e-01 + (t * (-4.00555345006794114027e-02
            + (t * (7.91534994289814532176e-04 + (t * 3.47933107596021167570e-05))))))))));
        return p / (1 + (t * (-2.40339491173441421878
            + (t * (2.02094576023350569471 + (t * (-6.88283971605453293030e-01 + (t * 7.70381505559019352791e-02))))))));
    }

    private static double ClearLowBits(double value) =>
        BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value) & unchecked((long)0xFFFFFFFF00000000));

    /// <summary>Returns the length of the hypotenuse.</summary>
    public static double Hypot(double x, double y)
    {
        double a = Math.Max(Math.Abs(x), Math.Abs(y)), b = Math.Min(Math.Abs(x), Math.Abs(y));
        if (double.IsInfinity(x) || double.IsInfinity(y))
            return double.PositiveInfinity;
        if (double.IsNaN(a) || b == 0 || a / b > 1152921504606846976.0)
            return a + b;
        int scale = a > 3.2733906078961419e+150 ? 600 : b < 3.0549363634996047e-151 ? -600 : 0;
        if (scale != 0)
            (a, b) = (Math.ScaleB(a, -scale), Math.ScaleB(b, -scale));
        double w = a - b;
        if (w > b)
        {
            double t1 = ClearLowBits(a), t2 = a - t1;
            w = Math.Sqrt((t1 * t1) - ((b * -b) - (t2 * (a + t1))));
        }
        else
        {
            double doubled = a + a, y1 = ClearLowBits(b), y2 = b - y1, t1 = ClearLowBits(doubled), t2 = doubled - t1;
            w = Math.Sqrt((t1 * y1) - ((w * -w) - ((t1 * y2) + (t2 * b))));
        }

        return scale == 0 ? w : Math.ScaleB(w, scale);
    }

    /// <summary>Returns the angle of the point (x, y).</summary>
    public static double Atan2(double y, double x)
    {
        // The special values are the same in all libraries.
        if (double.IsNaN(x) || double.IsNaN(y) || x == 0 || y == 0 || double.IsInfinity(x) || double.IsInfinity(y))
            return Math.Atan2(y, x);
        if (x == 1)
            return Atan(y);
        int apart = Exponent(y) - Exponent(x);
        double angle = apart > 60 ? (Math.PI / 2) + (0.5 * PiLow) : x < 0 && apart < -60 ? 0 : Atan(Math.Abs(y / x));
        return (x < 0, y < 0) switch
        {
            (false, false) => angle,
            (false, true) => -angle,
            (true, false) => Math.PI - (angle - PiLow),
            _ => (angle - PiLow) - Math.PI,
        };
    }

    private static int Exponent(double value) => (int)(BitConverter.DoubleToInt64Bits(value) >> 52) & 0x7FF;
}
