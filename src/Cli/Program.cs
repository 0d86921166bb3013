using System.Reflection;

// The command's own version; what it does with a server comes from the client.
Console.WriteLine(Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
