using System.Diagnostics.CodeAnalysis;
using Wharf.Tables.Schemas;
using static Wharf.Tables.Schemas.EngineType;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>Random functions. The values are drawn once, when the column is defined.</summary>
[SuppressMessage(
    "Security", "CA5394", Justification = "The functions create sample data; their names and results are those of the reference server.")]
internal static class RandomFunctions
{
    public static IEnumerable<Function> All =>
    [
        Function.Of("random", EngineType.Double, static context => context.Random.NextDouble(), isPure: false),
        Function.Of("randomBool", EngineType.Boolean, static context => (sbyte)context.Random.Next(2), isPure: false),
        Function.OfRandom<int, int, int>("randomInt", Int, Int, Int, static (random, low, high) => random.Next(low, high)),
        Function.OfRandom<long, long, long>("randomLong", Long, Long, Long, static (random, low, high) => random.NextInt64(low, high)),
        Function.OfRandom<float, float, float>(
            "randomFloat", Float, Float, Float, static (random, low, high) => low + (random.NextSingle() * (high - low))),
        Function.OfRandom<double, double, double>(
            "randomDouble", EngineType.Double, EngineType.Double, EngineType.Double,
            static (random, low, high) => low + (random.NextDouble() * (high - low))),
        Function.OfRandom<double, double, double>(
            "randomGaussian", EngineType.Double, EngineType.Double, EngineType.Double,
            static (random, mean, deviation) => mean + (deviation * Gaussian(random))),
    ];

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
