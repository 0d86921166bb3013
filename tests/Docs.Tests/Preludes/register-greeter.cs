using Wharf.Plugins;
using Wharf.Rpc;

IPluginRegistry registry = null!;
// snippet

[Rpc("Greeter")]
public partial interface IGreeter
{
    Task<string> GreetAsync(string name, CancellationToken cancellationToken = default);
}

public sealed class Greeter(string greeting) : IGreeter
{
    public Task<string> GreetAsync(string name, CancellationToken cancellationToken) => Task.FromResult($"{greeting} {name}");
}
