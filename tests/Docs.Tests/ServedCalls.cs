using System.Reflection;
using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Wharf.Processes;

namespace Wharf.Docs.Tests;

/// <summary>Compares README's table of Deephaven's API with the services that the gateway maps.</summary>
public sealed partial class ServedCalls
{
    private static readonly Dictionary<string, string[]> Rows = File.ReadAllLines(Path.Combine(Checkout.Root, "README.md"))
        .SkipWhile(static line => !line.StartsWith("## Supported parts", StringComparison.Ordinal))
        .TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal) || line.StartsWith("## Supported parts", StringComparison.Ordinal))
        .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(static line => line.Split('|'))
        .SelectMany(static cells => Names(cells[1]).Select(service => (service, cells)))
        .ToDictionary(static row => row.service, static row => row.cells);

    [Fact]
    public void The_table_lists_each_service_with_exactly_the_calls_that_are_served_and_those_that_are_not()
    {
        var services = Services();
        Assert.Contains("SessionService", services.Keys);
        foreach (var (service, (all, served)) in services)
        {
            Assert.True(Rows.TryGetValue(service, out var row), $"README has no row for {service}");
            Assert.Equal(served.Order(), Names(row![2]).Order());
            if (served.Count > 0)
                Assert.Equal(all.Except(served).Order(), Names(row[3]).Order());
        }
    }

    // The gateway derives a class from the generated base of each service. A method that it does not override returns UNIMPLEMENTED.
    private static Dictionary<string, (HashSet<string> All, HashSet<string> Served)> Services() => Assembly.Load("Wharf.Gateway").GetTypes()
        .Where(static type => type.BaseType?.GetCustomAttribute<BindServiceMethodAttribute>() is not null)
        .GroupBy(static type => (ServiceDescriptor)type.BaseType!.DeclaringType!.GetProperty("Descriptor")!.GetValue(null)!)
        .ToDictionary(static service => service.Key.Name, static service => (
            service.Key.Methods.Select(static method => method.Name).ToHashSet(),
            service.SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
                .Select(static method => method.Name).Where(name => service.Key.Methods.Any(method => method.Name == name)).ToHashSet()));

    private static IEnumerable<string> Names(string cell) => Name().Matches(cell).Select(static match => match.Groups[1].Value);

    [GeneratedRegex("`([A-Z][A-Za-z]+)`")]
    private static partial Regex Name();
}
