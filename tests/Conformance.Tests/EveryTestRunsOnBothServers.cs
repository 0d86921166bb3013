namespace Wharf.Conformance.Tests;

/// <summary>An abstract class of tests without a subclass would not run.</summary>
public sealed class EveryTestRunsOnBothServers
{
    [Fact]
    public void Each_class_of_tests_has_a_subclass_per_server()
    {
        var tests = typeof(ConformanceServer).Assembly.GetTypes().Where(static type => type.IsAbstract && TakesServer(type)).ToArray();
        Assert.NotEmpty(tests);
        foreach (var test in tests)
            Assert.Equal([typeof(AlternatingGateways), typeof(SingleServer)], ServersOf(test));
    }

    [Fact]
    public void A_class_without_subclasses_is_found() => Assert.Empty(ServersOf(typeof(Forgotten)));

    private static IEnumerable<Type> ServersOf(Type test) =>
        test.Assembly.GetTypes().Where(type => type.BaseType == test).Select(ServerOf).OrderBy(static server => server.Name, StringComparer.Ordinal);

    private static bool TakesServer(Type type) => type.DeclaringType is null && type.GetConstructors(
        System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic)
        .Any(static constructor => constructor.GetParameters() is [var server] && server.ParameterType == typeof(ConformanceServer));

    private static Type ServerOf(Type test) => test.GetConstructors().Single().GetParameters().Single().ParameterType;

    private abstract class Forgotten(ConformanceServer server)
    {
        public override string ToString() => server.ToString()!;
    }
}
