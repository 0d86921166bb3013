using System.Numerics;
using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Functions.Vectors;

/// <summary>Functions of numeric vectors: sums, extremes, running values, and statistics of one vector.</summary>
internal static class VectorNumbers
{
    public static IEnumerable<VectorFunction> All =>
    [
        .. new[]
        {
            "sum", "avg", "min", "max", "product", "absSum", "absAvg", "countPos", "countNeg", "countZero", "indexOfMax", "indexOfMin",
            "var", "std", "ste", "tstat",
            "cumsum", "cumprod", "cummin", "cummax",
        }.Select(static name => new VectorFunction(name, Bind) { TakesElements = true }),
        new VectorFunction("diff", Bind) { TakesElements = true, VectorAt = 1 },
        new VectorFunction("containsNonFinite", Bind) { TakesElements = true }, new VectorFunction("castInt", Bind),
        new VectorFunction("castLong", Bind), new VectorFunction("castDouble", Bind),
        .. new[] { "replaceIfNaN", "replaceIfNonFinite", "replaceIfNullNaN" }.Select(static name => new VectorFunction(name, Bind)),
    ];

    private static Node? Bind(VectorCall call) =>
        call.Component.IsNumeric ? call.Component.DispatchNumber(new Binder(call)) : VectorOrder.BindExtreme(call);

    private readonly struct Binder(VectorCall call) : INumberDispatch<Node?>
    {
        public Node? Invoke<T>()
            where T : unmanaged, INumber<T>
        {
            VectorCall of = call;
            EngineType component = call.Component, array = component.ArrayOf();
            bool isWhole = component.IsIntegral;
            switch (call.Name, call.Arguments.Length)
            {
                case ("sum", 1) when isWhole: return call.Of<T, long>(EngineType.Long, v => WholeSum(v, static x => x, of));
                case ("sum", 1): return call.Of<T, double>(EngineType.Double, v => Sum(v, static x => x, of));
                case ("absSum", 1) when isWhole: return call.Of<T, long>(EngineType.Long, v => WholeSum(v, long.Abs, of));
                case ("absSum", 1): return call.Of<T, double>(EngineType.Double, v => Sum(v, Math.Abs, of));
                case ("product", 1) when isWhole: return call.Of<T, long>(EngineType.Long, v => WholeProduct(v, of));
                case ("product", 1): return call.Of<T, double>(EngineType.Double, v => Product(v, of));
                case ("avg", 1): return call.Of<T, double>(EngineType.Double, v => Average(v, of));
                case ("absAvg", 1): return call.Of<T, double>(EngineType.Double, v => Moments.Of(v, Math.Abs, of).Mean);
                case ("var", 1): return call.Of<T, double>(EngineType.Double, v => Moments.Of(v, static x => x, of).Variance);
                case ("std", 1): return call.Of<T, double>(EngineType.Double, v => Moments.Of(v, static x => x, of).Deviation);
                case ("ste", 1): return call.Of<T, double>(EngineType.Double, v => Moments.Of(v, static x => x, of).Error);
                case ("tstat", 1): return call.Of<T, double>(EngineType.Double, v => Moments.Of(v, static x => x, of).Significance);
                case ("min", 1): return call.Of<T, T>(component, v => Extreme(v, max: false, of).Value);
                case ("max", 1): return call.Of<T, T>(component, v => Extreme(v, max: true, of).Value);
                case ("indexOfMin", 1): return call.Of<T, long>(EngineType.Long, v => Extreme(v, max: false, of).Index);
                case ("indexOfMax", 1): return call.Of<T, long>(EngineType.Long, v => Extreme(v, max: true, of).Index);
                case ("countPos", 1): return call.Of<T, long>(EngineType.Long, v => CountOf(v, static x => x > T.Zero, of));
                case ("countNeg", 1): return call.Of<T, long>(EngineType.Long, v => CountOf(v, static x => x < T.Zero, of));
                case ("countZero", 1): return call.Of<T, long>(EngineType.Long, v => CountOf(v, static x => x == T.Zero, of));
                case ("containsNonFinite", 1):
                    return call.Of<T, sbyte>(EngineType.Boolean, v => Contains(v, static x => VectorCall.IsNull(x) || !T.IsFinite(x), of));
                case ("cummin", 1): return call.Of<T, object?>(array, v => Accumulate(of.Elements(v), T.Min));
                case ("cummax", 1): return call.Of<T, object?>(array, v => Accumulate(of.Elements(v), T.Max));
                case ("cumsum", 1) when isWhole:
                    return call.Of<T, object?>(
                        EngineType.Long.ArrayOf(), v => Accumulate(Convert<T, long>(of.Elements(v)), static (a, b) => unchecked(a + b)));
                case ("cumsum", 1):
                    return call.Of<T, object?>(
                        EngineType.Double.ArrayOf(), v => Accumulate(Convert<T, double>(of.Elements(v)), static (a, b) => a + b));
                case ("cumprod", 1) when isWhole:
                    return call.Of<T, object?>(
                        EngineType.Long.ArrayOf(), v => Accumulate(Convert<T, long>(of.Elements(v)), static (a, b) => unchecked(a * b)));
                case ("cumprod", 1):
                    return call.Of<T, object?>(
                        EngineType.Double.ArrayOf(), v => Accumulate(Convert<T, double>(of.Elements(v)), static (a, b) => a * b));
                case ("castInt" or "castLong" or "castDouble", 1 or 2) when component.Kind != EngineKind.Char: return Cast<T>();
                case ("replaceIfNaN", 2) when !isWhole && call.Argument<T>(1, component) is { } other:
                    return call.Of<T, T, object?>(array, other, (v, value) => Replace(of.Elements(v), value, T.IsNaN), NullRule.Pass);
                case ("replaceIfNonFinite", 2) when !isWhole && call.Argument<T>(1, component) is { } other:
                    return call.Of<T, T, object?>(
                        array, other, (v, value) => Replace(of.Elements(v), value, static x => VectorCall.IsNull(x) || !T.IsFinite(x)),
                        NullRule.Pass);
                case ("replaceIfNullNaN", 2) when !isWhole && call.Argument<T>(1, component) is { } other:
                    return call.Of<T, T, object?>(
                        array, other, (v, value) => Replace(of.Elements(v), value, static x => VectorCall.IsNull(x) || T.IsNaN(x)),
                        NullRule.Pass);
                case ("diff", 2) when component.Kind != EngineKind.Char && call.Argument<int>(0, EngineType.Int) is { } step:
                    return call.Of<T, int, object?>(array, step, (v, ahead) => Diff(of.Elements(v), ahead), NullRule.Pass);
                default: return null;
            }
        }

        private Node? Cast<T>()
            where T : unmanaged, INumber<T>
        {
            // The conversion of a number is applied to each element. A second argument selects whether it must be exact.
            EngineType[] parameters = call.Arguments.Length == 1 ? [call.Component] : [call.Component, EngineType.Boolean];
            if (FunctionLibrary.Find(call.Name, parameters) is not { } function
                || (call.Arguments.Length == 2 && call.Argument<sbyte>(1, EngineType.Boolean) is null))
                return null;
            return function.Result.Dispatch(new Casting<T>(call, function));
        }
    }

    private readonly struct Casting<T>(VectorCall call, Function function) : IClrDispatch<Node?>
        where T : unmanaged, INumber<T>
    {
        public Node? Invoke<TTo>()
        {
            VectorCall of = call;
            Function each = function;
            Node<sbyte> isExact = call.Argument<sbyte>(1, EngineType.Boolean) ?? new ConstantNode<sbyte>(EngineType.Boolean, 1);
            return call.Of<T, sbyte, object?>(
                function.Result.ArrayOf(), isExact, (v, exact) => new ArrayVector<TTo>(Array.ConvertAll(of.Elements(v), element =>
            {
                Node value = new ConstantNode<T>(of.Component, element);
                Node[] arguments = each.Parameters.Length == 1 ? [value] : [value, new ConstantNode<sbyte>(EngineType.Boolean, exact)];
                return ((Node<TTo>)each.Bind(arguments, null, of.Position)).Read(new Frame(0, 1))[0];
            })));
        }
    }

    private static long WholeSum<T>(FormulaVector<T> vector, Func<long, long> of, VectorCall call)
        where T : unmanaged, INumber<T>
    {
        long sum = 0;
        bool any = false;
        for (long n = 0; n < vector.Size; n++)
        {
            call.ThrowIfCancelled(n);
            if (vector.GetOrNull(n) is var value && VectorCall.IsNull(value))
                continue;
            sum = unchecked(sum + of(long.CreateTruncating(value)));
            any = true;
        }

        return any ? sum : Null<long>.Value;
    }

    private static double Sum<T>(FormulaVector<T> vector, Func<double, double> of, VectorCall call)
        where T : unmanaged, INumber<T>
    {
        double sum = 0;
        bool any = false;
        for (long n = 0; n < vector.Size; n++)
        {
            call.ThrowIfCancelled(n);
            if (vector.GetOrNull(n) is var value && VectorCall.IsNull(value))
                continue;
            sum += of(double.CreateTruncating(value));
            any = true;
        }

        return any ? sum : Null<double>.Value;
    }

    private static double Average<T>(FormulaVector<T> vector, VectorCall call)
        where T : unmanaged, INumber<T>
    {
        double sum = Sum(vector, static x => x, call);
        return sum == Null<double>.Value ? sum : sum / VectorElements.Count(vector, call);
    }

    private static long WholeProduct<T>(FormulaVector<T> vector, VectorCall call)
        where T : unmanaged, INumber<T>
    {
        long product = 1;
        bool any = false;
        for (long n = 0; n < vector.Size; n++)
        {
            call.ThrowIfCancelled(n);
            if (vector.GetOrNull(n) is var value && VectorCall.IsNull(value))
                continue;
            product = unchecked(product * long.CreateTruncating(value));
            if (T.IsZero(value))
                return 0;
            any = true;
        }

        return any ? product : Null<long>.Value;
    }

    private static double Product<T>(FormulaVector<T> vector, VectorCall call)
        where T : unmanaged, INumber<T>
    {
        double product = 1;
        bool any = false, zero = false, infinite = false;
        for (long n = 0; n < vector.Size; n++)
        {
            call.ThrowIfCancelled(n);
            if (vector.GetOrNull(n) is var value && VectorCall.IsNull(value))
                continue;
            zero |= T.IsZero(value);
            infinite |= T.IsInfinity(value);
            if (T.IsNaN(value) || (zero && infinite))
                return double.NaN;
            product *= double.CreateTruncating(value);
            any = true;
        }

        return !any ? Null<double>.Value : zero ? 0 : product;
    }

    /// <summary>Returns the smallest or largest element and its first index; NaN if there is one.</summary>
    private static (T Value, long Index) Extreme<T>(FormulaVector<T> vector, bool max, VectorCall call)
        where T : unmanaged, INumber<T>
    {
        T best = Null<T>.Value;
        long index = Null<long>.Value;
        for (long n = 0; n < vector.Size; n++)
        {
            call.ThrowIfCancelled(n);
            T value = vector.GetOrNull(n);
            if (T.IsNaN(value))
                return (value, Null<long>.Value);
            if (!VectorCall.IsNull(value) && (index < 0 || (max ? value > best : value < best)))
                (best, index) = (value, n);
        }

        return (best, index);
    }

    private static long CountOf<T>(FormulaVector<T> vector, Func<T, bool> test, VectorCall call)
    {
        long count = 0;
        for (long n = 0; n < vector.Size; n++)
        {
            call.ThrowIfCancelled(n);
            T value = vector.GetOrNull(n);
            count += !VectorCall.IsNull(value) && test(value) ? 1 : 0;
        }

        return count;
    }

    private static sbyte Contains<T>(FormulaVector<T> vector, Func<T, bool> test, VectorCall call)
    {
        for (long n = 0; n < vector.Size; n++)
        {
            call.ThrowIfCancelled(n);
            if (test(vector.GetOrNull(n)))
                return 1;
        }

        return 0;
    }

    private static ArrayVector<T> Replace<T>(T[] elements, T other, Func<T, bool> test) =>
        new(Array.ConvertAll(elements, element => test(element) ? other : element));

    private static TTo[] Convert<TFrom, TTo>(TFrom[] elements)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo> =>
        Array.ConvertAll(elements, static element => VectorCall.IsNull(element) ? Null<TTo>.Value : TTo.CreateTruncating(element));

    /// <summary>Returns the running aggregate up to each element. Nulls are ignored.</summary>
    private static ArrayVector<T> Accumulate<T>(T[] elements, Func<T, T, T> join)
    {
        for (int n = 1; n < elements.Length; n++)
        {
            if (VectorCall.IsNull(elements[n]))
                elements[n] = elements[n - 1];
            else if (!VectorCall.IsNull(elements[n - 1]))
                elements[n] = join(elements[n - 1], elements[n]);
        }

        return new ArrayVector<T>(elements);
    }

    private static ArrayVector<T> Diff<T>(T[] elements, int ahead)
        where T : unmanaged, INumber<T>
    {
        var differences = new T[elements.Length];
        for (int n = 0; n < elements.Length; n++)
        {
            long other = (long)n + ahead;
            T from = elements[n], to = other >= 0 && other < elements.Length ? elements[other] : Null<T>.Value;
            differences[n] = VectorCall.IsNull(from) || VectorCall.IsNull(to) ? Null<T>.Value : unchecked(to - from);
        }

        return new ArrayVector<T>(differences);
    }

    /// <summary>The number of elements, their sum, and the sum of their squares.</summary>
    private readonly record struct Moments(long Count, double Sum, double Squares, bool IsFinite)
    {
        public static Moments Of<T>(FormulaVector<T> vector, Func<double, double> of, VectorCall call)
            where T : unmanaged, INumber<T>
        {
            long count = 0;
            double sum = 0, squares = 0;
            for (long n = 0; n < vector.Size; n++)
            {
                call.ThrowIfCancelled(n);
                if (vector.GetOrNull(n) is var value && VectorCall.IsNull(value))
                    continue;
                double x = of(double.CreateTruncating(value));
                (count, sum, squares) = (count + 1, sum + x, squares + (x * x));
            }

            return new Moments(count, sum, squares, double.IsFinite(sum) && double.IsFinite(squares));
        }

        public double Mean => Count == 0 ? Null<double>.Value : Sum / Count;

        /// <summary>The sample variance; zero if it does not exceed the rounding error.</summary>
        public double Variance
        {
            get
            {
                if (Count == 0)
                    return Null<double>.Value;
                if (Count == 1 || !IsFinite)
                    return double.NaN;
                double spread = Squares - (Sum * (Sum / Count));
                return Math.Abs(spread / (Math.BitIncrement(Squares) - Squares)) > 1 ? spread / (Count - 1.0) : 0;
            }
        }

        public double Deviation => Variance is var variance && variance == Null<double>.Value ? variance : Math.Sqrt(variance);

        public double Error => Deviation is var deviation && deviation == Null<double>.Value ? deviation : deviation / Math.Sqrt(Count);

        public double Significance => Error is var error && error == Null<double>.Value ? error : Mean / error;
    }
}
