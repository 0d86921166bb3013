using System.Numerics;
using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Functions.Vectors;

/// <summary>
/// Statistics of pairs of elements of two numeric vectors: weighted statistics, covariance and correlation. Pairs with a null are ignored.
/// </summary>
internal static class VectorPairs
{
    public static IEnumerable<VectorFunction> All =>
        new[] { "wsum", "wavg", "wvar", "wstd", "wste", "wtstat", "cov", "cor" }.Select(static name => new VectorFunction(name, Bind));

    private static Node? Bind(VectorCall call)
    {
        if (call.Arguments.Length != 2 || call.OtherVector(1) is not { } other)
            return null;
        return call.Component.DispatchNumber(new First(call, other));
    }

    private readonly struct First(VectorCall call, Node<object?> other) : INumberDispatch<Node?>
    {
        public Node? Invoke<T>()
            where T : unmanaged, INumber<T> => other.Type.Component!.DispatchNumber(new Second<T>(call, other));
    }

    private readonly struct Second<TA>(VectorCall call, Node<object?> other) : INumberDispatch<Node?>
        where TA : unmanaged, INumber<TA>
    {
        public Node? Invoke<TB>()
            where TB : unmanaged, INumber<TB>
        {
            VectorCall of = call;
            if (call.Name == "wsum" && call.Component.IsIntegral && other.Type.Component!.IsIntegral)
                return call.Of<TA, object?, long>(EngineType.Long, other, (a, b) => WholeSum(a, (FormulaVector<TB>)b!, of));
            Func<Sums, double>? body = call.Name switch
            {
                "wsum" => static sums => sums.PlainProducts,
                "wavg" => static sums => sums.WeightedMean,
                "wvar" => static sums => sums.WeightedVariance,
                "wstd" => static sums => Math.Sqrt(sums.WeightedVariance),
                "wste" => static sums => sums.WeightedError,
                "wtstat" => static sums => sums.WeightedMean / sums.WeightedError,
                "cov" => static sums => sums.Covariance,
                "cor" => static sums => sums.Correlation,
                _ => null,
            };
            return body is null ? null
                : call.Of<TA, object?, double>(
                    EngineType.Double, other,
                    (a, b) => Sums.Of(a, (FormulaVector<TB>)b!, of) is { Count: > 0 } sums ? body(sums) : Null<double>.Value);
        }
    }

    private static long WholeSum<TA, TB>(FormulaVector<TA> first, FormulaVector<TB> second, VectorCall call)
        where TA : unmanaged, INumber<TA>
        where TB : unmanaged, INumber<TB>
    {
        CheckSizes(first.Size, second.Size);
        long sum = 0;
        bool any = false;
        for (long n = 0; n < first.Size; n++)
        {
            call.ThrowIfCancelled(n);
            TA a = first.GetOrNull(n);
            TB b = second.GetOrNull(n);
            if (VectorCall.IsNull(a) || VectorCall.IsNull(b))
                continue;
            sum = unchecked(sum + (long.CreateTruncating(a) * long.CreateTruncating(b)));
            any = true;
        }

        return any ? sum : Null<long>.Value;
    }

    private static void CheckSizes(long first, long second)
    {
        if (first != second)
            throw new FormulaError($"the vectors have {first} and {second} elements");
    }

    /// <summary>The sums of the statistics. Products are computed in the wider of the two types, at least int, as in Java.</summary>
    private sealed record Sums(
        long Count, double A, double B, double Aa, double Bb, double Ab, double PlainProducts, double Baa, bool AnyNaN, bool AnyInfinite)
    {
        public static Sums Of<TA, TB>(FormulaVector<TA> first, FormulaVector<TB> second, VectorCall call)
            where TA : unmanaged, INumber<TA>
            where TB : unmanaged, INumber<TB>
        {
            CheckSizes(first.Size, second.Size);
            long count = 0;
            double sumA = 0, sumB = 0, aa = 0, bb = 0, ab = 0, plain = 0, baa = 0;
            bool anyNaN = false, anyInfinite = false;
            for (long n = 0; n < first.Size; n++)
            {
                call.ThrowIfCancelled(n);
                TA a = first.GetOrNull(n);
                TB b = second.GetOrNull(n);
                anyNaN |= TA.IsNaN(a) || TB.IsNaN(b);
                anyInfinite |= TA.IsInfinity(a) || TB.IsInfinity(b);
                if (VectorCall.IsNull(a) || VectorCall.IsNull(b))
                    continue;
                double x = double.CreateTruncating(a), y = double.CreateTruncating(b);
                count++;
                sumA += x;
                sumB += y;
                aa += Product(a, a);
                bb += Product(b, b);
                ab += Product(a, b);
                plain += x * y;
                baa += Product(a, b, a);
            }

            return new Sums(count, sumA, sumB, aa, bb, ab, plain, baa, anyNaN, anyInfinite);
        }

        public double WeightedMean => AnyNaN ? double.NaN : Ab / B;

        /// <summary>The unbiased variance with reliability weights.</summary>
        public double WeightedVariance =>
            AnyNaN || AnyInfinite || Count <= 1 || double.IsInfinity(Ab) || double.IsInfinity(Baa)
                ? double.NaN
                : ((B * Baa) - (Ab * Ab)) / ((B * B) - Bb);

        public double WeightedError => Math.Sqrt(WeightedVariance) * Math.Sqrt(Bb / B / B);

        public double Covariance => AnyNaN || AnyInfinite ? double.NaN : (Ab / Count) - (A * B / Count / Count);

        public double Correlation =>
            Covariance / Math.Sqrt(((Aa / Count) - (A * A / Count / Count)) * ((Bb / Count) - (B * B / Count / Count)));

        private static double Product<TX, TY>(TX x, TY y)
            where TX : unmanaged, INumber<TX>
            where TY : unmanaged, INumber<TY> => Product(x, y, TX.One);

        // The JIT compiler removes the branches.
        private static double Product<TX, TY>(TX x, TY y, TX again)
            where TX : unmanaged, INumber<TX>
            where TY : unmanaged, INumber<TY>
        {
            if (typeof(TX) == typeof(double) || typeof(TY) == typeof(double))
                return double.CreateTruncating(x) * double.CreateTruncating(y) * double.CreateTruncating(again);
            if (typeof(TX) == typeof(float) || typeof(TY) == typeof(float))
                return float.CreateTruncating(x) * float.CreateTruncating(y) * float.CreateTruncating(again);
            if (typeof(TX) == typeof(long) || typeof(TY) == typeof(long))
                return unchecked(long.CreateTruncating(x) * long.CreateTruncating(y) * long.CreateTruncating(again));
            return unchecked(int.CreateTruncating(x) * int.CreateTruncating(y) * int.CreateTruncating(again));
        }
    }
}
