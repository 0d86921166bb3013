namespace Wharf.Tables;

/// <summary>
/// The value that stands for null inside the engine's loops and in the value slot under a null on the wire: the smallest value of a number's type, for a
/// character the largest. No such value is ever data: at a column's edge it becomes an Arrow null.
/// </summary>
internal static class Null<T>
{
    public static readonly T Value = Of();

    private static T Of()
    {
        object? value = default(T) switch
        {
            sbyte => sbyte.MinValue,
            short => short.MinValue,
            char => char.MaxValue,
            int => int.MinValue,
            long => long.MinValue,
            float => float.MinValue,
            double => double.MinValue,
            _ => null,
        };
        return (T)value!;
    }
}
