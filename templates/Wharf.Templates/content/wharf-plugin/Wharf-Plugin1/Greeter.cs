namespace PluginNamespace;

/// <summary>The object that lives on the server. All its clients talk to this one, one message at a time, so it needs no lock.</summary>
public sealed class Greeter(string greeting)
{
    /// <summary>How many have been greeted.</summary>
    public int Greeted { get; private set; }

    public string Greet(string name)
    {
        Greeted++;
        return $"{greeting} {name}, you are number {Greeted}";
    }
}
