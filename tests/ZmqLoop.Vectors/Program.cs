using ZmqLoop.Vectors;

const int Passed = 0;
const int Failed = 1;
const int Unusable = 2;

if (args.Length == 0 || args[0] is "-h" or "--help")
{
    Console.Error.WriteLine("Usage: ZmqLoop.Vectors FILE...   Runs the programs of golden-vector files and compares their traces.");
    return Unusable;
}

int passed = 0;
int failed = 0;
try
{
    foreach (VectorProgram program in args.SelectMany(VectorFile.Load).ToList()) // all files are readable before the first runs
    {
        VectorRun run = VectorRun.Of(program);
        if (run.Passed)
        {
            passed++;
            continue;
        }

        failed++;
        Console.WriteLine(run.Describe());
    }
}
catch (VectorFileException error)
{
    Console.Error.WriteLine(error.Message);
    return Unusable;
}

Console.WriteLine($"{passed} passed, {failed} failed");
return failed == 0 ? Passed : Failed;
