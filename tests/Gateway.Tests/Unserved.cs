using System.Reflection;
using Google.Protobuf.Reflection;
using Wharf.Gateway.Hosting;
using Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Tests;

public sealed class Unserved
{
    public static TheoryData<string> Methods()
    {
        var data = new TheoryData<string>();
        foreach (var method in typeof(SessionReflection).Assembly.GetTypes()
                     .Where(type => type.Name.EndsWith("Reflection", StringComparison.Ordinal))
                     .Select(type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null))
                     .OfType<FileDescriptor>()
                     .SelectMany(file => file.Services)
                     .SelectMany(service => service.Methods))
            data.Add($"/{method.Service.FullName}/{method.Name}");
        return data;
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_call_that_is_not_served_has_something_to_say(string method)
    {
        var name = method[(method.LastIndexOf('.') + 1)..];
        Assert.StartsWith(name + " is not served: ", UnservedCalls.Explain(method), StringComparison.Ordinal);
        // The services of sessions, settings, fields and objects are served whole.
        if (!name.StartsWith("SessionService/", StringComparison.Ordinal) && !name.StartsWith("ConfigService/", StringComparison.Ordinal)
            && !name.StartsWith("ApplicationService/", StringComparison.Ordinal) && !name.StartsWith("ObjectService/", StringComparison.Ordinal)
            && !name.StartsWith("FlightService/", StringComparison.Ordinal))
            Assert.DoesNotContain("not part of this version", UnservedCalls.Explain(method), StringComparison.Ordinal);
    }
}
